#include "numerics/ode/model_recurrence.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/ode/lanes.hpp"

namespace flowproof::rigorous {

namespace {

/// sum of x[pair.x][i] y[pair.y][k - i] over pairs and i, in a fixed order; Blocks groups of four
/// i.
template <int Blocks>
[[gnu::always_inline]] inline double sum_of_products(std::span<const monomials::pair> pairs,
                                                     const double* x, const double* y,
                                                     std::size_t stride, int blocks) {
    const std::size_t back_stride = stride + 4;
    four_lanes sum[Blocks] = {}, u, v;
    for (const auto& p : pairs) {
        const double* const a = x + static_cast<std::size_t>(p.x) * stride;
        const double* const b = y + static_cast<std::size_t>(p.y) * back_stride;
        for (int i = 0; i < (Blocks < 4 ? Blocks : blocks); ++i) {
            load(u, a + 4 * i);
            load(v, b + 4 * i);
            sum[i % Blocks] += u * v;
        }
    }
    four_lanes total = sum[0];
    for (int i = 1; i < Blocks; ++i)
        total += sum[i];
    return (total[0] + total[1]) + (total[2] + total[3]);
}

template <int Blocks>
[[gnu::always_inline]] inline void products(double* out, const double* x, const double* y,
                                            bool square, const monomials& basis, std::size_t stride,
                                            int blocks) {
    for (std::size_t g = 0; g < basis.size(); ++g) {
        if (!square) {
            out[g] = sum_of_products<Blocks>(basis.factors(g), x, y, stride, blocks);
            continue;
        }
        out[g] = 2 * sum_of_products<Blocks>(basis.ordered_factors(g), x, y, stride, blocks);
        if (const std::int32_t r = basis.root(g); r >= 0) {
            const monomials::pair self{r, r};
            out[g] += sum_of_products<Blocks>({&self, 1}, x, y, stride, blocks);
        }
    }
}

[[gnu::always_inline]] inline void all_products(double* out, const double* x, const double* y,
                                                bool square, const monomials& basis,
                                                std::size_t stride, int blocks) {
    switch (blocks) {
    case 1:
        return products<1>(out, x, y, square, basis, stride, blocks);
    case 2:
        return products<2>(out, x, y, square, basis, stride, blocks);
    case 3:
        return products<3>(out, x, y, square, basis, stride, blocks);
    default:
        return products<4>(out, x, y, square, basis, stride, blocks);
    }
}

void plain_products(double* out, const double* x, const double* y, bool square,
                    const monomials& basis, std::size_t stride, int blocks) {
    all_products(out, x, y, square, basis, stride, blocks);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void wide_products(double* out, const double* x, const double* y,
                                           bool square, const monomials& basis, std::size_t stride,
                                           int blocks) {
    all_products(out, x, y, square, basis, stride, blocks);
}
#else
constexpr auto wide_products = plain_products;
#endif

} // namespace

bool model_recurrence::has_wide_lanes() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") != 0;
#else
    return false;
#endif
}

model_recurrence::model_recurrence(const taylor_program& program,
                                   std::shared_ptr<const monomials> basis,
                                   std::vector<model> coefficients, int order, bool wide)
    : program_(program), basis_(std::move(basis)), coefficients_(std::move(coefficients)),
      order_(order), wide_(wide), stride_((static_cast<std::size_t>(order) + 4) & ~3ul),
      row_size_(basis_->size() * stride_), forward_(program.rows() * row_size_ + stride_),
      back_stride_(stride_ + 4), backward_(program.rows() * basis_->size() * back_stride_),
      one_(basis_->size()), two_(basis_->size()), pivot_(program.velocity_instructions()),
      initial_(program.velocity_instructions()), deviation_(program.rows()), sizes_(program.rows()),
      writer_(program.rows(), -1) {
    for (const model& c : coefficients_) {
        scale s{{}, c.sizes(), c.size(), 0};
        for (const double x : c.coefficients())
            s.terms += x != 0 ? 1 : 0;
        for (std::size_t g = 0; g < basis_->size(); ++g)
            for (const auto& [from, by] : basis_->factors(g))
                if (const double x = c.coefficients()[static_cast<std::size_t>(by)]; x != 0)
                    s.moves.push_back({from, static_cast<std::int32_t>(g), x});
        scales_.push_back(std::move(s));
    }
    for (std::size_t i = 0; i < program.velocity_instructions(); ++i)
        writer_[static_cast<std::size_t>(program.instructions()[i].out)] =
            static_cast<std::int32_t>(i);
}

void model_recurrence::store(std::int32_t row, int k, const double* values) {
    const auto at = static_cast<std::size_t>(k);
    double* f = forward_.data() + static_cast<std::size_t>(row) * row_size_ + at;
    double* b = backward_.data() + static_cast<std::size_t>(row) * basis_->size() * back_stride_ +
                (stride_ - 1 - at);
    for (std::size_t i = 0; i < basis_->size(); ++i, f += stride_, b += back_stride_)
        *f = *b = values[i];
}

void model_recurrence::convolve(double* out, std::int32_t x, std::int32_t y, int k) const {
    (wide_ ? wide_products : plain_products)(
        out, forward(x), backward(y) + (stride_ - 1) - static_cast<std::size_t>(k), x == y, *basis_,
        stride_, k / 4 + 1);
}

void model_recurrence::form(double* out, const affine_form& f, int k) const {
    std::fill_n(out, basis_->size(), 0.0);
    if (k == 0 && f.constant >= 0) {
        const auto& c = coefficients_[static_cast<std::size_t>(f.constant)].coefficients();
        std::copy(c.begin(), c.end(), out);
    }
    for (const auto& t : f.terms) {
        const double* const x = forward(t.row) + k;
        if (t.coefficient >= 0) {
            for (const move& m : scales_[static_cast<std::size_t>(t.coefficient)].moves)
                out[m.to] += m.factor * x[static_cast<std::size_t>(m.from) * stride_];
        } else {
            const double sign = t.coefficient == affine_form::one ? 1 : -1;
            for (std::size_t i = 0; i < basis_->size(); ++i)
                out[i] += sign * x[i * stride_];
        }
    }
}

void model_recurrence::multiply(double* out, const double* x, const std::vector<double>& y) const {
    for (std::size_t g = 0; g < basis_->size(); ++g) {
        double sum = 0;
        for (const auto& [p, q] : basis_->factors(g))
            sum += x[p] * y[static_cast<std::size_t>(q)];
        out[g] = sum;
    }
}

model model_recurrence::slice(std::int32_t row) const {
    std::vector<double> c(basis_->size());
    for (std::size_t i = 0; i < c.size(); ++i)
        c[i] = forward(row)[i * stride_];
    return {basis_, std::move(c), upper()};
}

/// Coefficient k of what instruction `number` writes.
bool model_recurrence::run(std::size_t number, int k) {
    const taylor_instruction& i = program_.instructions()[number];
    const auto order = static_cast<double>(k);
    const std::size_t count = basis_->size();
    double *const r = one_.data(), *const v = two_.data();
    const auto set_initial = [&](const model& x) {
        initial_[number] += x.remainder();
        store(i.out, 0, x.coefficients().data());
        return x.is_finite();
    };
    const auto set_pivot = [&](const model& x) {
        const model inverse = 1 / x;
        pivot_[number] = inverse.coefficients();
        return inverse.is_finite();
    };
    const double* const x = forward(i.x) + k;
    switch (i.op) {
    case taylor_op::affine:
        form(r, program_.forms()[static_cast<std::size_t>(i.x)], k);
        break;
    case taylor_op::product:
    case taylor_op::square:
        convolve(r, i.x, i.y, k);
        break;
    case taylor_op::quotient:
        if (k == 0 && !set_pivot(slice(i.y))) return false;
        convolve(v, i.out, i.y, k);
        for (std::size_t j = 0; j < count; ++j)
            v[j] = x[j * stride_] - v[j];
        multiply(r, v, pivot_[number]);
        break;
    case taylor_op::reciprocal:
        if (k == 0 && !set_pivot(slice(i.x))) return false;
        convolve(v, i.out, i.x, k);
        for (std::size_t j = 0; j < count; ++j)
            v[j] = 0.0 - v[j];
        if (k == 0) v[0] += 1;
        multiply(r, v, pivot_[number]);
        break;
    case taylor_op::sqrt:
        if (k == 0) {
            const model root = sqrt(slice(i.x));
            return set_initial(root) && set_pivot(slice(i.out) * 2);
        }
        convolve(v, i.out, i.out, k);
        for (std::size_t j = 0; j < count; ++j)
            v[j] = x[j * stride_] - v[j];
        multiply(r, v, pivot_[number]);
        break;
    case taylor_op::slope:
        for (std::size_t j = 0; j < count; ++j)
            r[j] = order * x[j * stride_];
        break;
    case taylor_op::exp:
        if (k == 0) return set_initial(exp(slice(i.x)));
        convolve(r, i.y, i.out, k);
        for (std::size_t j = 0; j < count; ++j)
            r[j] /= order;
        break;
    case taylor_op::log:
        if (k == 0) return set_initial(log(slice(i.x)));
        for (std::size_t j = 0; j < count; ++j)
            r[j] = forward(i.y)[j * stride_ + static_cast<std::size_t>(k)] / order;
        break;
    case taylor_op::sin_cos:
        if (k == 0) {
            const model argument = slice(i.x), c = cos(argument);
            initial_[number] += c.remainder();
            store(i.out + 1, 0, c.coefficients().data());
            return set_initial(sin(argument)) && c.is_finite();
        }
        convolve(r, i.y, i.out + 1, k);
        convolve(v, i.y, i.out, k);
        for (std::size_t j = 0; j < count; ++j) {
            r[j] /= order;
            v[j] = v[j] / -order;
        }
        store(i.out + 1, k, v);
        break;
    }
    store(i.out, k, r);
    return true;
}

bool model_recurrence::expand(const std::vector<model>& start, double unit) {
    unit_ = unit;
    std::fill(forward_.begin(), forward_.end(), 0.0);
    std::fill(backward_.begin(), backward_.end(), 0.0);
    std::fill(initial_.begin(), initial_.end(), upper());
    for (std::size_t s = 0; s < states(); ++s)
        store(static_cast<std::int32_t>(s), 0, start[s].coefficients().data());
    for (int k = 0; k < order_; ++k) {
        for (std::size_t i = 0; i < program_.velocity_instructions(); ++i)
            if (!run(i, k)) return false;
        for (std::size_t s = 0; s < states(); ++s) {
            form(one_.data(), program_.forms()[static_cast<std::size_t>(program_.velocity()[s])],
                 k);
            for (double& v : one_)
                v = v * unit_ / static_cast<double>(k + 1);
            store(static_cast<std::int32_t>(s), k + 1, one_.data());
        }
    }
    measure();
    return std::all_of(sizes_.begin(), sizes_.end(),
                       [](const row_sizes& s) { return s.all.is_finite(); });
}

void model_recurrence::rescale(double factor) {
    const std::size_t polynomials = program_.rows() * basis_->size();
    const int exponent = std::ilogb(factor);
    for (int k = 1; k <= order_; ++k) {
        const auto at = static_cast<std::size_t>(k);
        const double power = std::ldexp(1.0, exponent * k); // may underflow before its product does
        const auto scaled = [&](double x) {
            return power >= 0x1p-1000 ? x * power : std::ldexp(x, exponent * k);
        };
        for (std::size_t p = 0; p < polynomials; ++p) {
            double& x = forward_[p * stride_ + at];
            x = backward_[p * back_stride_ + stride_ - 1 - at] = scaled(x);
        }
    }
    unit_ *= factor;
    measure();
}

void model_recurrence::measure() {
    const auto powers = static_cast<std::size_t>(order_) + 1;
    const auto degrees = static_cast<std::size_t>(basis_->degree()) + 1;
    std::vector<double> by_power(stride_), by_degree(degrees);
    // At most this many additions to any of the sums.
    const upper factor(1 + static_cast<double>(basis_->size() * stride_) * 0x1p-51);
    for (std::size_t r = 0; r < sizes_.size(); ++r) {
        std::fill(by_power.begin(), by_power.end(), 0.0);
        std::fill(by_degree.begin(), by_degree.end(), 0.0);
        const double* x = forward(static_cast<std::int32_t>(r));
        for (std::size_t i = 0; i < basis_->size(); ++i, x += stride_) {
            double sum = 0;
            for (std::size_t k = 0; k < powers; ++k) {
                by_power[k] += std::abs(x[k]);
                sum += std::abs(x[k]);
            }
            by_degree[static_cast<std::size_t>(basis_->degree_of(i))] += sum;
        }
        row_sizes& s = sizes_[r];
        s.by_power.resize(powers);
        s.by_degree.resize(degrees);
        s.all = upper();
        for (std::size_t k = 0; k < powers; ++k)
            s.by_power[k] = upper(by_power[k]) * factor;
        for (std::size_t d = 0; d < degrees; ++d) {
            s.by_degree[d] = upper(by_degree[d]) * factor;
            s.all += s.by_degree[d];
        }
    }
}

double model_recurrence::room(int bits) const {
    double largest = 0;
    for (std::size_t s = 0; s < states(); ++s)
        largest = std::max(largest, sizes_[s].all.value());
    double result = 1000;
    for (std::size_t s = 0; s < states(); ++s) {
        const double weight = std::max(sizes_[s].all.value(), largest * 0x1p-20);
        for (const int k : {order_ - 1, order_}) {
            const double last = sizes_[s].by_power[static_cast<std::size_t>(k)].value();
            if (last > 0 && k > 0)
                result = std::min(result, (std::log2(weight) - std::log2(last) - bits) / k);
        }
    }
    return result;
}

} // namespace flowproof::rigorous
