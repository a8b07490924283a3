#pragma once

#include <optional>
#include <span>
#include <vector>

#include "numerics/box/krawczyk.hpp"
#include "numerics/box/zeros.hpp"

namespace flowproof {

/// Indicators and where their variables stand: unknowns first, parameters after them.
struct zero_indicators {
    enclosed_tape<interval<double>> values;
    std::vector<std::size_t> inputs;
};

/// Shows that boxes hold exactly one zero of a system each, for all parameters of one cell.
///
/// Not for several threads at once.
class zero_isolator {
public:
    using fast = interval<double>;

    /// @param system      with these parameters set
    /// @param whole       the box of the unknowns
    /// @param inner       where boxes may lie, in the interior of the whole
    /// @param must_be_certain  indicators without a certain sign refuse a zero; any number of them
    zero_isolator(square_system& system, const zero_indicators& indicators,
                  std::vector<fast> parameters, std::vector<fast> whole, std::vector<fast> inner,
                  std::vector<char> must_be_certain);

    /// The zero near x: its box is mapped into its interior by the Krawczyk operator and meets none
    /// of the others'. As large as can be shown in the shape of the whole, while the certain signs
    /// stay. Nothing if no box can be shown.
    std::optional<isolated_zero> isolate(const std::vector<double>& x,
                                         std::span<const isolated_zero> others);

private:
    bool maps_inside(const std::vector<fast>& B, const isolated_zero& z);
    std::vector<int> signs(const std::vector<fast>& B);

    square_system& system_;
    const zero_indicators& indicators_;
    std::vector<fast> parameters_, whole_, inner_;
    std::vector<char> must_be_certain_;
    std::size_t n_;
    std::vector<fast> F_, J_, K_, F_at_zero_, work_;
};

} // namespace flowproof
