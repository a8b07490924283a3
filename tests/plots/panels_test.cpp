#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "plots/figure/layer.hpp"
#include "plots/figure/script.hpp"
#include "plots/figure/theme.hpp"
#include "plots/figure/view.hpp"
#include "plots/render/render.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace flowproof;
using support::mentions;
using namespace flowproof::plots;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++n;
    return n;
}

std::string decimal(double x) { return fmt::format("{:.17g}", x); }

/// y = f(x) at 101 points of [0, 1].
template <class F>
layer_series curve(const std::string& label, const std::string& quantity, const F& f,
                   std::size_t panel = 0) {
    layer_series l{"curve", label, quantity, {"x", "value"}, {}, panel};
    for (int i = 0; i <= 100; ++i)
        l.rows.push_back({decimal(i / 100.0), decimal(f(i / 100.0))});
    return l;
}
layer_series line(const std::string& label, const std::string& quantity, double from, double to,
                  std::size_t panel = 0) {
    return curve(
        label, quantity, [=](double x) { return from + (to - from) * x; }, panel);
}

figure_series one_panel(const std::vector<layer_series>& layers) {
    return {"f", "title", "c", {"x", false, "0", "1"}, {{"y", false, "0", "1"}}, layers, ""};
}

/// Three panels, a logarithmic axis each way, a family, a band, data points and a field.
figure_series everything() {
    figure_series f{"f",
                    "title",
                    "c",
                    {"x", true, "0.01", "1"},
                    {{"first"}, {"second", true, "", ""}, {"third", false, "0", "1"}},
                    {},
                    ""};
    for (int k = 1; k <= 7; ++k)
        f.layers.push_back(line(fmt::format("T = 10^{}", k), "family", 0, k));
    layer_series band{"band", "runs", "e", {"x", "lower", "upper"}, {}, 1};
    layer_series data{"curve", "one run", "d", {"x", "value"}, {}, 1, true};
    for (const double x : {0.01, 0.1, 1.0}) {
        band.rows.push_back({decimal(x), decimal(x / 2), decimal(x * 2)});
        data.rows.push_back({decimal(x), decimal(x * 1.1)});
    }
    f.layers.push_back(data);
    f.layers.push_back(band);
    f.layers.push_back(curve(
        "mean", "m", [](double x) { return x; }, 1));
    layer_series field{"field", "velocity", "v", {"x", "y", "dx", "dy"}, {}, 2};
    for (const double x : {0.03, 0.1, 0.3})
        for (const double y : {0.25, 0.5, 0.75})
            field.rows.push_back({decimal(x), decimal(y), decimal(x), decimal(-y)});
    f.layers.push_back(field);
    return f;
}

std::string key_of(const figure_series& f) {
    const std::string script = gnuplot_script(f, nullptr);
    const auto at = script.find("set key ");
    return script.substr(at + 8, script.find(" opaque", at) - at - 8);
}

std::string message_of(const figure_series& f) {
    try {
        gnuplot_script(f, nullptr);
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "accepted";
}

double luminance(const std::string& colour) {
    const auto part = [&](std::size_t i) { return std::stoi(colour.substr(i, 2), nullptr, 16); };
    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

} // namespace

BOOST_AUTO_TEST_SUITE(panels_test)

BOOST_AUTO_TEST_CASE(stacked_panels_share_the_x_axis_and_its_numbers) {
    const std::string script = gnuplot_script(everything(), nullptr);
    BOOST_TEST(count(script, "\nplot ") == 3u);
    BOOST_TEST(count(script, "\nset multiplot") == 1u);
    BOOST_TEST(count(script, "set xrange [0.01:1]") == 3u);
    BOOST_TEST(count(script, "set logscale x 10") == 3u);
    BOOST_TEST(count(script, "set logscale y 10") == 1u);
    BOOST_TEST(count(script, "unset logscale y") == 1u);
    BOOST_TEST(count(script, "set format x ''") == 2u);
    BOOST_TEST(count(script, "set format x '10^{%T}'") == 1u);
    BOOST_TEST(count(script, "set xlabel 'x'") == 1u);
    BOOST_TEST(script.rfind("unset label\n") > script.find("\nplot "));
    BOOST_TEST(!mentions(gnuplot_script(one_panel({line("l", "q", 0, 1)}), nullptr), "multiplot"));
}

BOOST_AUTO_TEST_CASE(every_format_draws_three_panels_without_a_word_from_gnuplot) {
    const support::scratch_folder scratch;
    for (const image_format format :
         {image_format::svg, image_format::png, image_format::pdf, image_format::tikz})
        BOOST_TEST_CONTEXT(name(format)) {
            const auto file = scratch.path() / ("f." + std::string(extension(format)));
            BOOST_CHECK_NO_THROW(
                render(gnuplot_script(everything(), nullptr, format), file, format, {.panels = 3}));
        }
    BOOST_TEST(theme::height_of(1) == 1.0);
    BOOST_TEST(theme::height_of(3) > theme::height_of(2));
}

BOOST_AUTO_TEST_CASE(a_range_is_given_or_that_of_the_data_with_a_margin) {
    figure_series f = one_panel({line("l", "q", 2, 4)});
    BOOST_TEST(mentions(gnuplot_script(f, nullptr), "set yrange [0:1]"));
    f.panels[0] = {"y"};
    BOOST_TEST(
        mentions(gnuplot_script(f, nullptr), "set yrange [1.8999999999999999:4.0999999999999996]"));
    f.x.high = "0.5"; // what lies beyond is not seen
    BOOST_TEST(mentions(gnuplot_script(f, nullptr), "set yrange [1.95:3.0499999999999998]"));
    f = one_panel({line("l", "q", 7, 7)});
    f.panels[0] = {"y"};
    BOOST_TEST(
        mentions(gnuplot_script(f, nullptr), "set yrange [6.2299999999999995:7.7700000000000005]"));
    f = one_panel({line("l", "q", 0, 100)});
    f.panels[0] = {"y", true};
    BOOST_TEST(mentions(gnuplot_script(f, nullptr), "set yrange [0.79432823472428")); // 1 to 100
    f.layers = {line("l", "q", -1, -2)};
    BOOST_TEST(mentions(message_of(f), "y of panel 0: nothing lies on its axis"));
    f.x = {"x", true, "0", "1"};
    BOOST_TEST(mentions(message_of(f), "need a range that increases from above 0, got [0, 1]"));
}

BOOST_AUTO_TEST_CASE(the_key_stands_where_no_curve_is) {
    const auto falling = line("falling", "a", 1, 0), rising = line("rising", "b", 0, 1);
    BOOST_TEST(key_of(one_panel({falling})) == "inside right top");
    BOOST_TEST(key_of(one_panel({rising})) == "inside left top");
    const auto roof = line("roof", "c", 0.95, 0.95);
    BOOST_TEST(key_of(one_panel({roof, rising})) == "inside right bottom");
    BOOST_TEST(key_of(one_panel({roof, falling})) == "inside left bottom");
    // A band is ink, too.
    layer_series band{"band", "", "e", {"x", "l", "u"}, {{"0", "0", "0.5"}, {"1", "0.5", "1"}}};
    BOOST_TEST(key_of(one_panel({line("low", "d", 0.1, 0.1), band})) == "inside left top");
    // Nowhere: to the right, and the panels make room.
    const auto wave = curve("wave", "w", [](double x) { return 0.5 + 0.5 * std::sin(60 * x); });
    const std::string script = gnuplot_script(one_panel({wave}), nullptr);
    BOOST_TEST(mentions(script, "set key at screen 0.99, screen 0.885 right top"));
    const auto at = script.find("set rmargin at screen ") + 22;
    BOOST_TEST(std::stod(script.substr(at)) < 0.9);
    BOOST_TEST(mentions(gnuplot_script(one_panel({line("", "q", 0, 1)}), nullptr), "unset key"));
}

BOOST_AUTO_TEST_CASE(over_a_surface_the_key_keeps_off_curves_and_axes_may_be_logarithmic) {
    layer_series surface{"surface", "s", "s", {"x", "y", "value"}, {}};
    for (const char* x : {"0.01", "0.1", "1"})
        for (const char* y : {"1", "10", "100"})
            surface.rows.push_back({x, y, y});
    const layer_series rising{"curve", "c", "c", {"x", "y"}, {{"0.01", "1"}, {"1", "100"}}};
    figure_series f = one_panel({surface, rising});
    f.x = {"x", true};
    f.panels = {{"y", true}};
    const std::string script = gnuplot_script(f, nullptr);
    BOOST_TEST(mentions(script, "set logscale x 10"));
    BOOST_TEST(mentions(script, "set logscale y 10"));
    // Level sets are computed before the scale is set: afterwards gnuplot finds none.
    BOOST_TEST(script.find("set contour") < script.find("set logscale"));
    BOOST_TEST(mentions(key_of(f), "left top"));
    const support::scratch_folder scratch;
    BOOST_CHECK_NO_THROW(render(script, scratch.path() / "f.svg", image_format::svg));
}

BOOST_AUTO_TEST_CASE(a_family_runs_from_light_to_dark_and_others_stand_apart) {
    double before = 256;
    for (std::size_t k = 0; k < 7; ++k) {
        const double now = luminance(theme::of_family(k, 7));
        BOOST_TEST(now < before - 8);
        before = now;
    }
    const auto all = overlays(everything(), 0, false);
    BOOST_REQUIRE(all.size() == 7u);
    for (std::size_t k = 0; k < 7; ++k)
        BOOST_TEST(all[k].colour == theme::of_family(k, 7));
    const auto two = overlays(one_panel({line("a", "q", 0, 1), line("b", "q", 0, 1)}), 0, false);
    BOOST_TEST(two[0].colour == theme::series[0]);
    BOOST_TEST(two[1].colour == theme::series[1]);
}

BOOST_AUTO_TEST_CASE(bands_lie_beneath_and_share_the_colour_of_the_next_curve) {
    const auto all = overlays(everything(), 1, false);
    BOOST_REQUIRE(all.size() == 3u);
    BOOST_TEST(all[0].is("band"));
    BOOST_TEST(all[1].joined());
    BOOST_TEST(all[0].colour == all[1].colour);
    BOOST_TEST(!all[2].joined()); // the data, above
    BOOST_TEST(all[2].colour != all[1].colour);
    BOOST_TEST(mentions(gnuplot_script(everything(), nullptr), "with filledcurves"));
}

BOOST_AUTO_TEST_CASE(arrows_have_one_length_on_the_screen_and_the_direction_of_the_flow) {
    // On logarithmic x: x' = x is a constant rate, so that all arrows are parallel in places.
    const std::string script = gnuplot_script(everything(), nullptr);
    const auto begin = script.find("$layer10 << e\n") + 14;
    const std::string block = script.substr(begin, script.find("\ne\n", begin) + 1 - begin);
    BOOST_REQUIRE(count(block, "\n") == 9u);
    const scale x{0.01, 1, true}, y{0, 1};
    std::istringstream in(block);
    const auto margin = [&](const std::string& name, std::size_t which) {
        std::size_t at = 0;
        for (std::size_t i = 0; i <= which; ++i)
            at = script.find("set " + name + " at screen ", at + 1);
        return std::stod(script.substr(at + 22));
    };
    const double across = (margin("rmargin", 2) - margin("lmargin", 2)) * theme::width;
    const double up =
        (margin("tmargin", 2) - margin("bmargin", 2)) * theme::height * theme::height_of(3);
    double first = 0, x0 = 0, y0 = 0, dx = 0, dy = 0;
    for (int i = 0; i < 9; ++i) {
        in >> x0 >> y0 >> dx >> dy;
        const double right = (x.place(x0 + dx) - x.place(x0)) * across;
        const double rise = (y.place(y0 + dy) - y.place(y0)) * up;
        const double length = std::hypot(right, rise);
        if (i == 0) first = length;
        BOOST_TEST(std::abs(length - first) < 0.01 * first);
        BOOST_TEST(right > 0);
        BOOST_TEST(rise < 0);
        const double middle = y.place(y0 + dy / 2); // the grid's y, there 0.25, 0.5, 0.75
        const double slope = -middle * up / (across / std::log(100.0));
        BOOST_TEST(std::abs(rise / right - slope) < 0.01 * std::abs(slope));
    }
}

BOOST_AUTO_TEST_CASE(what_panels_cannot_show_is_refused_with_its_place) {
    figure_series f = everything();
    f.panels.emplace_back();
    BOOST_TEST(mentions(message_of(f), "no layers to draw in panel 3"));
    f = everything();
    f.layers[0].panel = 3;
    BOOST_TEST(mentions(message_of(f), "layer 0 (T = 10^1): stands in panel 3 of 3"));
    f = everything();
    f.panels.clear();
    BOOST_TEST(mentions(message_of(f), "need a panel"));
    f = everything();
    f.layers[0].draw = "surface";
    BOOST_TEST(mentions(message_of(f), "need one panel for a surface, got 3"));
    layer_series surface{"surface", "s", "s", {"x", "y", "value"}, {}};
    for (const char* x : {"0.1", "1"})
        for (const char* y : {"1", "2"})
            surface.rows.push_back({x, y, y});
    f = one_panel({surface, everything().layers[8]});
    f.layers[1].panel = 0;
    BOOST_TEST(mentions(message_of(f), "layer 1 (runs): need surface, curve, points, field or, "
                                       "without a surface, band or boxes, got band"));
    f = everything();
    f.layers[8].rows[1].pop_back();
    BOOST_TEST(mentions(message_of(f), "row 1: a band needs 3 columns, got 2"));
    f = everything();
    f.layers[10].rows[2].pop_back();
    BOOST_TEST(mentions(message_of(f), "row 2: a field needs 4 columns, got 3"));
    for (auto& row : f.layers[10].rows)
        row = {"1", "1", "0", "0"};
    BOOST_TEST(mentions(message_of(f), "no finite direction"));
}

BOOST_AUTO_TEST_SUITE_END()
