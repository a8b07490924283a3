#pragma once

#include <cmath>
#include <string>

#include "plots/figure/format.hpp"
#include "plots/figure/theme.hpp"

namespace gnuplotio {
class Gnuplot;
}

namespace flowproof::plots {

/// What an axis shows, linear or logarithmic.
struct scale {
    double low = 0, high = 1;
    bool logarithmic = false;

    /// 0 at low, 1 at high; not a number where a logarithm is.
    double place(double v) const {
        return logarithmic ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low);
    }
    double value(double place) const {
        return logarithmic ? low * std::pow(high / low, place) : low + place * (high - low);
    }
    /// d place / dt at v for dv/dt.
    double rate(double v, double dv) const {
        return logarithmic ? dv / (v * std::log(high / low)) : dv / (high - low);
    }
};

/// A rectangle in screen fractions, of an image `height` times as high as one panel's.
struct view {
    scale x, y;
    double left = theme::left, right = theme::right, bottom = theme::bottom, top = theme::top;
    double height = 1;

    double pixels_across() const { return (right - left) * theme::width; }
    double pixels_up() const { return (top - bottom) * theme::height * height; }
};

/// Range, scale, numbers and label of the axis 'x' or 'y'.
void write_axis(gnuplotio::Gnuplot& gp, char name, const scale& a, const std::string& text,
                image_format format, bool numbers = true);
/// Where the axes lie.
void write_margins(gnuplotio::Gnuplot& gp, const view& where);

} // namespace flowproof::plots
