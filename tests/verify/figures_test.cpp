#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <tbb/global_control.h>

#include "tests/support/mentions.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/small_paper.hpp"
#include "verify/registry/figures.hpp"

using namespace flowproof;
using support::mentions;
using series_rows = std::vector<std::vector<std::string>>;

namespace {

constexpr auto curve = layer::kind::curve;
constexpr auto band = layer::kind::band;

/// One panel with these layers over x in [1, 100], logarithmic, three grid points.
figure over_decades(const std::vector<layer>& layers) {
    figure f{"small.figure", "title", "small.root", {"x", "x", 1, 100, 3, true}, {}};
    f.panels.push_back({{"y", "y", 1, 2, 2}, layers});
    return f;
}

/// Draw number i of n: statistic noise[k] is (i + k * 1000) scrambled within the draw numbers, so
/// that the quantiles of n draws are known exactly.
experiment steps(std::uint64_t n) {
    experiment e{};
    e.id = "small.steps";
    e.statistics = {"other", "noise[1]", "noise[0]", "noise[2]"};
    e.prepare = [n](const arguments&) {
        return [n](std::uint64_t, std::uint64_t i, double* out) {
            const auto shuffled = static_cast<double>((i * 7919) % n);
            out[0] = -1;
            out[1] = 1000 + shuffled;
            out[2] = shuffled;
            out[3] = 2000 + shuffled;
        };
    };
    return e;
}

/// A statistic that depends on the seed.
experiment noise() {
    experiment e{};
    e.id = "small.noise";
    e.statistics = {"n[0]", "n[1]", "n[2]"};
    e.prepare = [](const arguments&) {
        return [](std::uint64_t seed, std::uint64_t i, double* out) {
            for (std::uint64_t k = 0; k < 3; ++k)
                out[k] = std::sin(static_cast<double>((seed ^ (i * 2654435761U + k)) % 100003));
        };
    };
    return e;
}

layer band_of(const std::string& experiment, const std::string& statistic, std::uint64_t draws) {
    layer l{band, "", {}, "band"};
    l.experiment = experiment;
    l.statistic = statistic;
    l.draws = draws;
    return l;
}

figure_series evaluated(const figure& f, std::uint64_t seed = 1,
                        const std::vector<experiment>& experiments = {}) {
    paper p = small::make_paper();
    p.experiments = experiments;
    return evaluate_figure({p}, f, seed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(figures_test)

BOOST_AUTO_TEST_CASE(a_logarithmic_grid_is_geometric_and_meets_powers_of_ten) {
    figure f = over_decades({{curve, "small.root", arguments().set("y", rational(1)), "c"}});
    f.x.high = power(rational(10), 8);
    f.x.count = 9;
    const figure_series s = evaluated(f);
    BOOST_TEST(s.error == "");
    BOOST_REQUIRE(s.layers[0].rows.size() == 9u);
    for (int k = 0; k <= 8; ++k)
        BOOST_TEST(s.layers[0].rows[static_cast<std::size_t>(k)][0] ==
                   power(rational(10), k).decimal(17));
    BOOST_TEST(s.x.logarithmic);
    BOOST_TEST(s.x.low == "1");
    BOOST_TEST(s.x.high == "100000000");
    f.x = {"x", "x", 2, 3, 3, true};
    BOOST_TEST(evaluated(f).layers[0].rows[1][0] == "2.44948974278318"); // sqrt(6)
    f.x.low = 0;
    BOOST_TEST(mentions(evaluated(f).error, "logarithmic axis of x needs a range above 0"));
}

BOOST_AUTO_TEST_CASE(panels_share_x_and_number_their_layers) {
    figure f = over_decades({{curve, "small.root", {}, "above"}});
    f.panels.push_back({{"y", "lower axis", 1, 1, 1, true},
                        {{curve, "small.root", {}, "left"}, {curve, "small.root", {}, "right"}}});
    const figure_series s = evaluated(f);
    BOOST_TEST(s.error == "");
    BOOST_REQUIRE(s.panels.size() == 2u);
    BOOST_TEST(s.panels[0].high == "2");
    BOOST_TEST(s.panels[1].label == "lower axis");
    BOOST_TEST(s.panels[1].logarithmic);
    BOOST_TEST(s.panels[1].low == ""); // left to the data
    BOOST_REQUIRE(s.layers.size() == 3u);
    BOOST_TEST(s.layers[0].panel == 0u);
    BOOST_TEST(s.layers[1].panel == 1u);
    BOOST_TEST(s.layers[2].label == "right");
}

BOOST_AUTO_TEST_CASE(entries_choose_outputs_and_positions_replace_the_grid) {
    layer second{curve, "small.plane", arguments().set("y", rational(2)), "x y"};
    second.entries = {1};
    layer turned = second;
    turned.entries = {1, 0};
    layer picked = second;
    picked.positions = {rational(1, 2), 7};
    picked.as_points = true;
    layer beyond = second;
    beyond.entries = {2};
    const figure_series s = evaluated(over_decades({second, turned, picked, beyond}));
    BOOST_TEST((s.layers[0].rows == series_rows{{"1", "2"}, {"10", "20"}, {"100", "200"}}));
    BOOST_TEST((s.layers[1].columns == std::vector<std::string>{"x", "x", "y"}));
    BOOST_TEST((s.layers[1].rows[1] == std::vector<std::string>{"10", "20", "12"}));
    BOOST_TEST((s.layers[2].rows == series_rows{{"0.5", "1"}, {"7", "14"}}));
    BOOST_TEST(s.layers[2].as_points);
    BOOST_TEST(mentions(s.error, "small.plane has 2 outputs, the figure draws number 2"));
    BOOST_TEST(s.layers[3].rows.empty());
}

BOOST_AUTO_TEST_CASE(a_band_is_two_outputs_and_a_field_two_over_a_grid) {
    layer field{layer::kind::field, "small.plane", {}, "field"};
    field.along = {{"x", "x", 0, 1, 2}, {"y", "y", 1, 3, 3}};
    const figure_series s = evaluated(
        over_decades({{band, "small.plane", arguments().set("y", rational(2)), "band"}, field}));
    BOOST_TEST(s.error == "");
    BOOST_TEST((s.layers[0].columns == std::vector<std::string>{"x", "lower", "upper"}));
    BOOST_TEST((s.layers[0].rows[2] == std::vector<std::string>{"100", "102", "200"}));
    BOOST_TEST((s.layers[1].columns == std::vector<std::string>{"x", "y", "dx", "dy"}));
    BOOST_REQUIRE(s.layers[1].rows.size() == 6u);
    BOOST_TEST((s.layers[1].rows[4] == std::vector<std::string>{"1", "2", "3", "2"}));
    BOOST_TEST(mentions(evaluated(over_decades({{band, "small.root", {}, "b"}})).error,
                        "small.root has 1 outputs where the figure draws 2"));
}

// Oracle: the draws are the integers 0 .. n-1 in another order.
BOOST_AUTO_TEST_CASE(a_band_of_an_experiment_holds_the_quantiles_of_each_statistic) {
    for (const std::uint64_t n : {20U, 40U, 1000U}) {
        const figure_series s =
            evaluated(over_decades({band_of("small.steps", "noise", n)}), 1, {steps(n)});
        BOOST_TEST_CONTEXT("draws " << n << " " << s.error) {
            BOOST_REQUIRE(s.layers[0].rows.size() == 3u);
            BOOST_TEST(s.layers[0].quantity == "small.steps");
            for (std::size_t k = 0; k < 3; ++k) {
                const auto& row = s.layers[0].rows[k];
                const double base = 1000.0 * static_cast<double>(k);
                BOOST_TEST(std::stod(row[0]) == std::pow(10, static_cast<double>(k)));
                BOOST_TEST(std::stod(row[1]) == base + static_cast<double>(n) * 0.05 - 1);
                BOOST_TEST(std::stod(row[2]) == base + static_cast<double>(n) * 0.95 - 1);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_band_of_an_experiment_depends_on_the_seed_and_not_on_threads) {
    const figure f = over_decades({band_of("small.noise", "n", 500)});
    const figure_series many = evaluated(f, 7, {noise()});
    {
        const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
        BOOST_TEST((evaluated(f, 7, {noise()}).layers[0].rows == many.layers[0].rows));
    }
    BOOST_TEST((evaluated(f, 8, {noise()}).layers[0].rows != many.layers[0].rows));
}

BOOST_AUTO_TEST_CASE(what_an_experiment_cannot_give_is_said) {
    const auto error = [](const layer& l, const std::vector<experiment>& e) {
        return evaluated(over_decades({l}), 1, e).error;
    };
    BOOST_TEST(
        mentions(error(band_of("small.none", "n", 100), {noise()}), "no experiment small.none"));
    BOOST_TEST(
        mentions(error(band_of("small.noise", "m", 100), {noise()}), "has no statistic m[0]"));
    layer longer = band_of("small.noise", "n", 100);
    longer.positions = {1, 2, 3, 4};
    BOOST_TEST(mentions(error(longer, {noise()}), "4 grid points, but experiment small.noise has "
                                                  "no statistic n[3]"));
    BOOST_TEST(mentions(error(band_of("small.noise", "n", 19), {noise()}), "got 19"));
    experiment silent = noise();
    silent.prepare = [](const arguments&) {
        return [](std::uint64_t, std::uint64_t i, double* out) {
            out[0] = 0;
            if (i != 3) out[1] = 1;
            out[2] = 0;
        };
    };
    BOOST_TEST(mentions(error(band_of("small.noise", "n", 100), {silent}),
                        "draw 3 of small.noise: n[1] is not a number"));
}

// x' = x^2 from 1 is 1/(1 - t). Only one integration along t can leave out what lies beyond t = 1.
BOOST_AUTO_TEST_CASE(a_flow_along_its_time_is_integrated_once_and_ends_at_its_blow_up) {
    flow_value request;
    request.states = {"x"};
    request.velocity = flowproof::record({"x", "a"}, [](auto x, auto a) { return a * x * x; });
    request.start = flowproof::record({"a"}, [](auto a) { return a / a; });
    request.observed = flowproof::record({"x", "t"}, [](auto x, auto t) {
        return std::vector{x, x * (1 - t)};
    });
    quantity q{};
    q.id = "small.flow";
    q.parameters = {{"a", "strength", "1", ""}, {"t", "time", "1", ""}};
    q.defaults = arguments().set("a", rational(1)).set("t", rational(1, 2));
    q.value = flow_request(request);
    paper p = small::make_paper();
    p.quantities.push_back(q);
    figure f = over_decades({{curve, "small.flow", {}, "x"}});
    f.x = {"t", "t", 0, 2, 41};
    f.panels[0].layers[0].entries = {0};
    const figure_series s = evaluate_figure({p}, f, 1);
    BOOST_TEST(s.error == "");
    BOOST_REQUIRE(s.layers[0].rows.size() == 41u);
    for (std::size_t i = 0; i < 41; ++i) {
        const double t = std::stod(s.layers[0].rows[i][0]), x = std::stod(s.layers[0].rows[i][1]);
        BOOST_TEST_CONTEXT("t " << t << ", x " << x)
        BOOST_TEST((t < 0.99 ? std::abs(x * (1 - t) - 1) < 1e-9 : t < 1.01 || std::isnan(x)));
    }
}

BOOST_AUTO_TEST_CASE(the_first_failing_point_is_the_one_that_is_named) {
    figure f = over_decades({{curve, "small.root", {}, "c"}});
    f.x = {"x", "x", -3, 3, 7};
    for (int trial = 0; trial < support::trials(5); ++trial)
        BOOST_TEST(mentions(evaluated(f).error, "got x = -3"), evaluated(f).error);
}

BOOST_AUTO_TEST_CASE(figures_read_back_and_older_records_have_one_plain_panel) {
    figure f = over_decades({band_of("small.noise", "n", 30)});
    f.panels.push_back({{"y", "below", 1, 1, 1, true}, {{curve, "small.root", {}, "c"}}});
    f.panels[1].layers[0].as_points = true;
    run_record record;
    record.run.rounding_self_test = "passed";
    record.series = {evaluated(f, 1, {noise()})};
    const std::string text = to_json(record);
    const figure_series s = from_json(text).series[0];
    BOOST_TEST(to_json(from_json(text)) == text);
    BOOST_TEST(s.x.logarithmic);
    BOOST_TEST(s.x.high == "100");
    BOOST_TEST(s.panels[1].label == "below");
    BOOST_TEST(s.panels[1].logarithmic);
    BOOST_TEST(s.panels[1].low == "");
    BOOST_TEST(s.layers[1].panel == 1u);
    BOOST_TEST(s.layers[1].as_points);

    nlohmann::json older = nlohmann::json::parse(text);
    nlohmann::json& shown = older["series"][0];
    for (const char* key : {"x_logarithmic", "x_range", "panels"})
        BOOST_TEST(shown.erase(key) == 1u);
    for (nlohmann::json& l : shown["layers"])
        for (const char* key : {"panel", "as_points"})
            BOOST_TEST(l.erase(key) == 1u);
    const figure_series t = from_json(older.dump()).series[0];
    BOOST_TEST(!t.x.logarithmic);
    BOOST_TEST(t.x.label == "x");
    BOOST_REQUIRE(t.panels.size() == 1u);
    BOOST_TEST(t.panels[0].label == "y");
    BOOST_TEST(t.layers[1].panel == 0u);
    BOOST_TEST((t.layers[1].rows == s.layers[1].rows));

    std::string lost = text;
    lost.replace(lost.find("\"panel\": 1"), 10, "\"panel\": 2");
    BOOST_CHECK_EXCEPTION(from_json(lost), std::invalid_argument, [](const std::exception& e) {
        return mentions(e.what(), "series[0].layers: need panels that exist");
    });
}

BOOST_AUTO_TEST_SUITE_END()
