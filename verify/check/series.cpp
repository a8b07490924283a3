#include "verify/check/series.hpp"

#include <algorithm>

#include "verify/check/range.hpp"

namespace flowproof::check {

namespace {

using code = program::code;

bool is_zero(const ball& x) { return x.is_exact() && x.contains_zero(); }

/// sum of a_j b_(k-j) for first <= j <= last
ball convolution(const series& a, const series& b, std::size_t first, std::size_t last,
                 std::size_t k, std::int64_t bits) {
    ball sum(rational(0), bits);
    for (std::size_t j = first; j <= last && j < k + 1; ++j)
        if (!is_zero(a[j]) && !is_zero(b[k - j])) sum += a[j] * b[k - j];
    return sum;
}

/// sum of j a_j b_(k-j) for 1 <= j <= last, over k
ball weighted(const series& a, const series& b, std::size_t last, std::size_t k,
              std::int64_t bits) {
    ball sum(rational(0), bits);
    for (std::size_t j = 1; j <= last; ++j)
        if (!is_zero(a[j]) && !is_zero(b[k - j]))
            sum += a[j] * b[k - j] * static_cast<std::int64_t>(j);
    return sum / static_cast<std::int64_t>(k);
}

} // namespace

recurrences::recurrences(const program& p, std::int64_t bits, meter& work)
    : program_(&p), bits_(bits), work_(&work), rows_(p.steps.size()), other_(p.steps.size()) {}

ball recurrences::coefficient(const program::step& s, std::size_t row,
                              const std::vector<ball>& in) {
    const std::size_t k = order_;
    if (s.op == code::variable) return in[s.a];
    if (s.op == code::constant) return ball(k == 0 ? s.value : rational(0), bits_);
    if (s.op == code::pi) return k == 0 ? ball::pi(bits_) : ball(rational(0), bits_);
    const series &a = rows_[s.a], &b = rows_[s.b];
    series &c = rows_[row], &partner = other_[row];
    switch (s.op) {
    case code::neg:
        return -a[k];
    case code::add:
        return a[k] + b[k];
    case code::sub:
        return a[k] - b[k];
    case code::mul:
        return convolution(a, b, 0, k, k, bits_);
    case code::div: // c b = a
        return (a[k] - (k == 0 ? ball(0) : convolution(c, b, 0, k - 1, k, bits_))) / b[0];
    case code::sqrt: // c c = a
        if (k == 0) return sqrt(a[0]);
        return (a[k] - (k == 1 ? ball(0) : convolution(c, c, 1, k - 1, k, bits_))) / (2 * c[0]);
    case code::exp: // c' = a' c
        return k == 0 ? exp(a[0]) : weighted(a, c, k, k, bits_);
    case code::log: // a c' = a'
        if (k == 0) return log(a[0]);
        return (a[k] - (k == 1 ? ball(0) : weighted(c, a, k - 1, k, bits_))) / a[0];
    case code::sin: // sin' = a' cos, cos' = -a' sin
        partner.push_back(k == 0 ? cos(a[0]) : -weighted(a, c, k, k, bits_));
        return k == 0 ? sin(a[0]) : weighted(a, partner, k, k, bits_);
    case code::cos:
        partner.push_back(k == 0 ? sin(a[0]) : weighted(a, c, k, k, bits_));
        return k == 0 ? cos(a[0]) : -weighted(a, partner, k, k, bits_);
    default: // powers are products by now
        break;
    }
    unreadable(program_->line, "an operation without a recurrence");
}

void recurrences::advance(const std::vector<ball>& of_variables) {
    work_->spend((program_->weight + 8 * order_ * program_->steps.size()) *
                 cost(static_cast<std::uint64_t>(bits_)));
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        ball next = coefficient(program_->steps[row], row, of_variables);
        if (!tame(next)) invalid(program_->line, "the flow leaves the domain of this tape");
        rows_[row].push_back(std::move(next));
    }
    ++order_;
}

series shifted(series x, const ball& c) { // repeated division by s - c
    for (std::size_t i = 0; i + 1 < x.size(); ++i)
        for (std::size_t j = x.size() - 1; j-- > i;)
            x[j] += c * x[j + 1];
    return x;
}

ball at(const series& x, const ball& s) {
    ball value(0);
    for (std::size_t k = x.size(); k-- > 0;)
        value = value * s + x[k];
    return value;
}

series derivative(const series& x) {
    series result;
    for (std::size_t k = 1; k < x.size(); ++k)
        result.push_back(x[k] * static_cast<std::int64_t>(k));
    return result;
}

} // namespace flowproof::check
