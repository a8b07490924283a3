#pragma once

#include <array>
#include <string>

#include "theory/core/paper.hpp"
#include "theory/core/worksheet.hpp"

/// What the statements of this folder are written with.
namespace flowproof::flows {

/// A place in theory/flows/README.md, which derives the formulas.
inline source derived(std::string place) { return {"flowproof", "derived", std::move(place)}; }

inline expr positive(worksheet& sheet, const std::string& name) {
    const expr x = sheet.symbol(name);
    sheet.require(x, relation::positive, name + " > 0");
    return x;
}

/// Equates: z, recorded with the variable t, has this velocity at every t and this start at t = 0.
template <std::size_t N>
void equate_flow(worksheet& sheet, const std::array<expr, N>& z,
                 const std::array<expr, N>& velocity, const std::array<expr, N>& start) {
    for (std::size_t i = 0; i < N; ++i) {
        sheet.equate(sheet.derivative(z[i], "t"), velocity[i]);
        sheet.equate(sheet.substitute(z[i], "t", expr(0)), start[i]);
    }
}

/// The conditions of unbalanced_product: the flow exists from 0 to t.
void require_existence(worksheet& sheet, const expr& KP, const expr& KQ, const expr& u0,
                       const expr& v0, const expr& t);

} // namespace flowproof::flows
