#include "plots/figure/layer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "plots/figure/theme.hpp"

namespace flowproof::plots {
namespace {

double number(const std::string& text, const std::string& where, std::size_t row) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc::result_out_of_range && stop == end)
        return text.find("e-") != text.npos ? 0.0 : HUGE_VAL;
    if (error != std::errc{} || stop != end)
        throw std::invalid_argument(
            fmt::format("plots: {}, row {}: need a decimal number, got \"{}\"", where, row, text));
    return value;
}

void require_columns(const layer_series& layer, const std::string& where, std::size_t least,
                     std::size_t most) {
    if (layer.rows.empty()) throw std::invalid_argument("plots: " + where + ": no rows to draw");
    for (std::size_t i = 0; i < layer.rows.size(); ++i) {
        const std::size_t n = layer.rows[i].size();
        if (n < least || n > most)
            throw std::invalid_argument(fmt::format(
                "plots: {}, row {}: a {} needs {} columns, got {}", where, i, layer.draw,
                least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most),
                n));
    }
}

/// Begins a new stretch at every row that has a number missing; stretches of one row do not count.
template <class Item, class Read>
std::vector<std::vector<Item>> stretches(const layer_series& layer, const std::string& where,
                                         const Read& read) {
    std::vector<std::vector<Item>> out(1);
    for (std::size_t i = 0; i < layer.rows.size(); ++i) {
        Item item{};
        if (read(i, item))
            out.back().push_back(item);
        else if (!out.back().empty())
            out.emplace_back();
    }
    std::erase_if(out, [](const auto& stretch) { return stretch.size() < 2; });
    if (out.empty())
        throw std::invalid_argument("plots: " + where + ": no two finite points in a row");
    return out;
}

void read_curve(overlaid& o, const std::string& where) {
    const bool is_curve = o.is("curve");
    require_columns(*o.layer, where, 2, is_curve ? 3 : 2);
    const auto read = [&](std::size_t i, point& p) {
        const auto& row = o.layer->rows[i];
        p = {number(row[row.size() - 2], where, i), number(row[row.size() - 1], where, i)};
        return std::isfinite(p.first) && std::isfinite(p.second);
    };
    if (o.joined()) {
        o.parts = stretches<point>(*o.layer, where, read);
        return;
    }
    o.parts.emplace_back();
    for (std::size_t i = 0; i < o.layer->rows.size(); ++i) {
        point p;
        if (read(i, p))
            o.parts.front().push_back(p);
        else if (!is_curve)
            throw std::invalid_argument(
                fmt::format("plots: {}, row {}: need a finite point", where, i));
    }
    if (o.parts.front().empty())
        throw std::invalid_argument("plots: " + where + ": no finite point");
}

void read_band(overlaid& o, const std::string& where) {
    require_columns(*o.layer, where, 3, 3);
    using item = grid_row::value_type;
    o.band = stretches<item>(*o.layer, where, [&](std::size_t i, item& at) {
        const auto& row = o.layer->rows[i];
        at = {number(row[0], where, i), number(row[1], where, i), number(row[2], where, i)};
        const auto& [x, lower, upper] = at;
        return std::isfinite(x) && std::isfinite(lower) && std::isfinite(upper);
    });
}

void read_field(overlaid& o, const std::string& where) {
    require_columns(*o.layer, where, 4, 4);
    for (std::size_t i = 0; i < o.layer->rows.size(); ++i) {
        const auto& row = o.layer->rows[i];
        const arrow a{number(row[0], where, i), number(row[1], where, i), number(row[2], where, i),
                      number(row[3], where, i)};
        const bool finite =
            std::isfinite(a.x) && std::isfinite(a.y) && std::isfinite(a.dx) && std::isfinite(a.dy);
        if (finite && (a.dx != 0 || a.dy != 0)) o.arrows.push_back(a);
    }
    if (o.arrows.empty())
        throw std::invalid_argument("plots: " + where + ": no finite direction to draw");
}

void read_boxes(overlaid& o, const std::string& where) {
    for (std::size_t i = 0; i < o.layer->rows.size(); ++i) {
        const auto& row = o.layer->rows[i];
        if (row.size() != 4)
            throw std::invalid_argument(fmt::format(
                "plots: {}, row {}: boxes need 4 columns, got {}", where, i, row.size()));
        const std::array<double, 4> box = {number(row[0], where, i), number(row[1], where, i),
                                           number(row[2], where, i), number(row[3], where, i)};
        if (!(box[0] < box[1] && box[2] < box[3] && std::isfinite(box[1] - box[0]) &&
              std::isfinite(box[3] - box[2])))
            throw std::invalid_argument(
                fmt::format("plots: {}, row {}: need a box of positive size", where, i));
        o.boxes.push_back(box);
    }
}

/// Boxes, fields, bands, curves, points.
int depth(const overlaid& o) {
    return o.is("boxes") ? -1 : o.is("field") ? 0 : o.is("band") ? 1 : o.joined() ? 2 : 3;
}

/// What makes layers a family: drawn alike, of one quantity.
std::string family(const overlaid& o) {
    return o.layer->quantity + (o.joined() ? " joined" : " single");
}

void choose_colours(std::vector<overlaid>& all, bool on_surface) {
    std::map<std::string, std::size_t> members, met;
    std::map<std::string, const overlaid*> first; // of a family and label
    const auto labelled = [](const overlaid& o) { return family(o) + "\n" + o.layer->label; };
    for (overlaid& o : all) {
        if (!o.is("curve")) continue;
        o.repeats = !o.layer->label.empty() && !first.try_emplace(labelled(o), &o).second;
        if (!o.repeats) ++members[family(o)];
    }
    const bool with_family =
        std::any_of(members.begin(), members.end(), [](const auto& m) { return m.second >= 3; });
    std::size_t others = 0;
    const auto next = [&] {
        const auto pick = [&](const auto& set) { return set[others++ % std::size(set)]; };
        return std::string(on_surface    ? pick(theme::over_surface)
                           : with_family ? pick(theme::beside_family)
                                         : pick(theme::series));
    };
    for (overlaid& o : all) { // in the figure's order
        if (o.is("boxes")) {
            o.colour = o.layer->verdict == "proved"    ? theme::stands
                       : o.layer->verdict == "refuted" ? theme::falls
                                                       : theme::open;
        } else if (o.repeats) {
            o.colour = first.at(labelled(o))->colour;
        } else if (o.is("field")) {
            o.colour = on_surface ? theme::field_over_surface : theme::field;
        } else if (const auto m = members.find(family(o)); o.is("curve") && m->second >= 3) {
            o.colour = theme::of_family(met[m->first]++, m->second);
        } else if (!o.is("band")) {
            o.colour = next();
        }
    }
    for (std::size_t i = all.size(); i-- > 0;)
        if (all[i].is("band")) {
            const bool leads = i + 1 < all.size() && all[i + 1].is("curve");
            all[i].colour = leads ? all[i + 1].colour : next();
        }
}

} // namespace

std::vector<grid_row> scans(const layer_series& layer, const std::string& where) {
    require_columns(layer, where, 3, 3);
    grid_row all;
    all.reserve(layer.rows.size());
    for (std::size_t i = 0; i < layer.rows.size(); ++i) {
        const auto& row = layer.rows[i];
        all.emplace_back(number(row[0], where, i), number(row[1], where, i),
                         number(row[2], where, i));
    }
    // The slow coordinate is the one that the first two rows share.
    const bool x_is_slow = all.size() < 2 || std::get<0>(all[0]) == std::get<0>(all[1]);
    const auto slow = [x_is_slow](const auto& r) {
        return x_is_slow ? std::get<0>(r) : std::get<1>(r);
    };
    const auto fast = [x_is_slow](const auto& r) {
        return x_is_slow ? std::get<1>(r) : std::get<0>(r);
    };
    std::vector<grid_row> grid;
    for (const auto& r : all) {
        if (grid.empty() || slow(grid.back().front()) != slow(r)) grid.emplace_back();
        grid.back().push_back(r);
    }
    bool full = grid.size() > 1 && grid.front().size() > 1;
    for (const grid_row& scan : grid) {
        full = full && scan.size() == grid.front().size();
        for (std::size_t j = 0; full && j < scan.size(); ++j)
            full = fast(scan[j]) == fast(grid.front()[j]);
    }
    if (!full)
        throw std::invalid_argument(
            fmt::format("plots: {}: need a full grid, scan by scan, of 2 x 2 points or more, got "
                        "{} rows that begin {} scans, the first of {} points",
                        where, all.size(), grid.size(), grid.front().size()));
    return grid;
}

std::string place(const figure_series& figure, std::size_t layer) {
    return fmt::format("figure {}, layer {} ({})", figure.id, layer, figure.layers[layer].label);
}

std::vector<overlaid> overlays(const figure_series& figure, std::size_t panel, bool on_surface) {
    std::vector<overlaid> all;
    for (std::size_t i = 0; i < figure.layers.size(); ++i) {
        const layer_series& layer = figure.layers[i];
        if (layer.panel != panel || layer.draw == "surface") continue;
        overlaid& o = all.emplace_back(overlaid{&layer, i});
        if (o.is("curve") || o.is("points"))
            read_curve(o, place(figure, i));
        else if (o.is("band") && !on_surface)
            read_band(o, place(figure, i));
        else if (o.is("field"))
            read_field(o, place(figure, i));
        else if (o.is("boxes") && !on_surface)
            read_boxes(o, place(figure, i));
        else
            throw std::invalid_argument("plots: " + place(figure, i) +
                                        ": need surface, curve, points, field or, without a "
                                        "surface, band or boxes, got " +
                                        layer.draw);
    }
    choose_colours(all, on_surface);
    std::stable_sort(all.begin(), all.end(),
                     [](const overlaid& a, const overlaid& b) { return depth(a) < depth(b); });
    return all;
}

} // namespace flowproof::plots
