#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "numerics/box/enclosed_tape.hpp"

namespace flowproof {

/// The inverse of an n x n matrix to nearest, row by row; nothing if it is singular to working
/// precision or not finite.
std::optional<std::vector<double>> approximate_inverse(std::vector<double> matrix, std::size_t n);
/// That of the midpoints; nothing either if an entry is empty.
std::optional<std::vector<double>> inverse_of_middle(std::span<const interval<double>> matrix,
                                                     std::size_t n);

/// K = c - C F(c) + (I - C J)(X - c), with J an enclosure of dF/dx over X, and c in X. A zero in X
/// lies in K; if K lies in the interior of X, then X holds exactly one zero, and dF/dx is regular
/// on X. Where F and J hold for all values of parameters, so does this.
void krawczyk(std::span<const interval<double>> X, std::span<const double> c,
              std::span<const double> C, std::span<const interval<double>> F_at_c,
              std::span<const interval<double>> J, std::vector<interval<double>>& K);
/// One component of K.
interval<double> krawczyk_row(std::size_t i, std::span<const interval<double>> X,
                              std::span<const double> c, std::span<const double> C,
                              std::span<const interval<double>> F_at_c,
                              std::span<const interval<double>> J);

/// n equations F(x, p) = 0 in n unknowns x, with parameters p known as intervals.
///
/// Not for several threads at once.
class square_system {
public:
    using fast = interval<double>;

    /// @param unknowns    names; one an output of the tape
    /// @param parameters  the tape's other variables
    /// @throws std::invalid_argument unless they fit.
    square_system(const tape& system, const std::vector<std::string>& unknowns,
                  const std::vector<std::string>& parameters);

    std::size_t size() const { return n_; }
    void set_parameters(std::span<const fast> parameters);

    /// F(X), n entries; empty where it is not certainly defined.
    void value(std::span<const fast> X, std::vector<fast>& F);
    /// F_i at the face of X where it is smallest (largest) by the signs of J, which encloses dF/dx
    /// over X: bounds F_i from below (above). Sides without a certain sign stay.
    fast on_face(std::size_t i, std::span<const fast> X, std::span<const fast> J, bool smallest);
    /// dF/dx over X, row by row, and F(X).
    void jacobian(std::span<const fast> X, std::vector<fast>& F, std::vector<fast>& J);
    /// Over X and the parameters: the size of dF_i / dp_j times the width of p_j, summed over i.
    std::vector<double> influence(std::span<const fast> X);

    /// Newton's iteration at the centre of the parameters, in doubles without bounds. Nothing if it
    /// leaves the box or does not converge.
    std::optional<std::vector<double>> newton(std::vector<double> start,
                                              std::span<const fast> within);

private:
    void place(std::span<const fast> X);
    std::size_t n_;
    std::vector<std::size_t> unknown_at_, parameter_at_; ///< positions among the tape's variables
    enclosed_tape<fast> value_, jet_;
    std::vector<enclosed_tape<fast>> equations_;
    std::vector<std::vector<fast>> equation_work_;
    std::vector<fast> value_work_, jet_work_, inputs_, parameters_;
};

} // namespace flowproof
