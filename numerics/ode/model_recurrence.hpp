#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/model.hpp"
#include "numerics/ode/taylor_program.hpp"

namespace flowproof::rigorous {

/// One step's polynomials in time and in the symbols of the parameters, and by how much they fail
/// the equation.
///
/// Time is u = t / unit, from 0 to 1. A row holds a polynomial in u whose coefficients are
/// polynomials in the symbols, [monomial][power of u], states up to u^order and all others one
/// less. Whatever is beyond an order or a degree is dropped inside the recurrences: their
/// coefficients are plain numbers and carry no errors. Then defect() reads off the finished rows,
/// instruction by instruction, how far each is from what it stands for: dropped terms by
/// convolutions of sums of sizes, one for each power and one for each degree; roundings by the sums
/// of sizes; quotients, roots and functions by the residual of the equation that defines them.
class model_recurrence {
public:
    /// @param coefficients  the values of program.coefficients().
    /// @param wide          four lanes at a time? The bits are the same.
    model_recurrence(const taylor_program& program, std::shared_ptr<const monomials> basis,
                     std::vector<model> coefficients, int order, bool wide = has_wide_lanes());
    static bool has_wide_lanes();

    int order() const { return order_; }
    double unit() const { return unit_; }
    std::size_t states() const { return program_.states(); }
    const std::shared_ptr<const monomials>& basis() const { return basis_; }
    const std::vector<model>& coefficients() const { return coefficients_; }

    /// All rows from the polynomials of the states at u = 0; their remainders play no part. False
    /// where a number leaves the range or a function is not defined for all symbols.
    bool expand(const std::vector<model>& start, double unit);
    /// The same polynomials in a smaller unit, a power of two times the present one.
    void rescale(double factor);
    /// log2 of the factor by which the unit could grow, so that the last coefficients are still
    /// 2^-bits of the states (each of its own, but at least of 2^-20 of the largest).
    double room(int bits) const;
    /// Bounds |dy/du - unit f(y)| for each state, its polynomial for y, for all symbols and all
    /// u in [0, 1]; infinite where f may not be defined.
    std::vector<upper> defect();

    /// Coefficient of u^k and monomial i in state s.
    double coefficient(std::size_t s, std::size_t i, int k) const {
        return forward(static_cast<std::int32_t>(s))[i * stride_ + static_cast<std::size_t>(k)];
    }
    /// Bounds the sizes of all coefficients of a state.
    upper size(std::size_t state) const { return sizes_[state].all; }

private:
    struct move {
        std::int32_t from, to;
        double factor;
    };
    struct scale {
        std::vector<move> moves; ///< row[to] += factor row[from] multiplies with the coefficient
        std::vector<upper> by_degree;
        upper size;
        std::size_t terms = 0;
    };
    struct row_sizes {
        std::vector<upper> by_power, by_degree;
        upper all;
    };

    const double* forward(std::int32_t row) const {
        return forward_.data() + static_cast<std::size_t>(row) * row_size_;
    }
    const double* backward(std::int32_t row) const {
        return backward_.data() + static_cast<std::size_t>(row) * basis_->size() * back_stride_;
    }
    void store(std::int32_t row, int k, const double* values);
    /// out = coefficient k of a product of rows, as far as known.
    void convolve(double* out, std::int32_t x, std::int32_t y, int k) const;
    void form(double* out, const affine_form& f, int k) const;
    void multiply(double* out, const double* x, const std::vector<double>& y) const;
    bool run(std::size_t number, int k);
    model slice(std::int32_t row) const;

    void measure();
    upper past(std::int32_t row) const; ///< what it has beyond the other rows' last power
    upper lost(std::int32_t x, std::int32_t y) const;
    upper form_deviation(const affine_form& f) const;
    enum class target { plain, slope, minus_slope };
    upper residual(std::int32_t x, std::int32_t y, std::int32_t of, target kind) const;
    upper slope_error(std::int32_t slope, std::int32_t of) const;
    interval<double> range(std::int32_t row) const;
    void deviate(std::size_t number);
    upper& deviation(std::int32_t row) { return deviation_[static_cast<std::size_t>(row)]; }
    const row_sizes& sizes(std::int32_t row) const { return sizes_[static_cast<std::size_t>(row)]; }

    const taylor_program& program_;
    std::shared_ptr<const monomials> basis_;
    std::vector<model> coefficients_;
    std::vector<scale> scales_;
    int order_;
    bool wide_;
    std::size_t stride_, row_size_;
    double unit_ = 1;
    std::vector<double> forward_;
    std::size_t back_stride_;
    std::vector<double> backward_;           ///< power k at stride - 1 - k, then four zeros
    std::vector<double> one_, two_;          ///< one coefficient's polynomials
    std::vector<std::vector<double>> pivot_; ///< an instruction's 1 / y_0, 1 / x_0, 1 / (2 r_0)
    std::vector<upper> initial_;             ///< an instruction's error at u = 0
    std::vector<upper> deviation_;           ///< |row - what it stands for|
    std::vector<row_sizes> sizes_;
    std::vector<std::int32_t> writer_; ///< the instruction that writes a row, or -1
};

} // namespace flowproof::rigorous
