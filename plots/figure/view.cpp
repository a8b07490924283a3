#include "plots/figure/view.hpp"

#include <fmt/format.h>
#include <gnuplot-iostream.h>

#include "plots/figure/text.hpp"

namespace flowproof::plots {

void write_axis(Gnuplot& gp, char name, const scale& a, const std::string& text,
                image_format format, bool numbers) {
    gp << fmt::format("set {}range [{:.17g}:{:.17g}]\n", name, a.low, a.high)
       << fmt::format("set {}label {} textcolor rgb '{}'\n", name, label(text, format), theme::ink);
    if (a.logarithmic) gp << "set logscale " << name << " 10\n";
    const bool powers = a.logarithmic && a.high >= 100 * a.low;
    const bool tex = format == image_format::tikz;
    gp << fmt::format("set format {} {}\n", name,
                      !numbers ? "''"
                      : powers ? tex ? "'$10^{%T}$'" : "'10^{%T}'"
                               : "'%h'");
}

void write_margins(Gnuplot& gp, const view& where) {
    gp << fmt::format("set lmargin at screen {:.5g}\nset rmargin at screen {:.5g}\n"
                      "set bmargin at screen {:.5g}\nset tmargin at screen {:.5g}\n",
                      where.left, where.right, where.bottom, where.top);
}

} // namespace flowproof::plots
