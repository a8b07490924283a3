#include "numerics/poly/rational_function.hpp"

#include <ostream>
#include <stdexcept>
#include <utility>

namespace flowproof {

namespace {

polynomial quotient(const polynomial& x, const polynomial& divisor) {
    if (divisor.is_constant()) return (rational(1) / divisor.constant_value()) * x;
    polynomial result;
    if (!divide_exactly(x, divisor, result))
        throw std::logic_error("rational_function: a common divisor does not divide");
    return result;
}

/// Divides both by their greatest common divisor.
void cancel(polynomial& x, polynomial& y) {
    if (x.is_constant() || y.is_constant()) return;
    const polynomial g = gcd(x, y);
    if (g.is_constant()) return;
    x = quotient(x, g);
    y = quotient(y, g);
}

} // namespace

/// For parts without common divisor: scales the denominator to leading coefficient 1.
rational_function::rational_function(lowest_terms, polynomial numerator, polynomial denominator)
    : numerator_(std::move(numerator)), denominator_(std::move(denominator)) {
    if (numerator_.is_zero()) {
        denominator_ = 1;
        return;
    }
    const rational lead = denominator_.leading_coefficient();
    if (lead == rational(1)) return;
    numerator_ = (rational(1) / lead) * numerator_;
    denominator_ = (rational(1) / lead) * denominator_;
}

rational_function::rational_function(const polynomial& numerator, const polynomial& denominator) {
    if (denominator.is_zero())
        throw std::domain_error("rational_function: the denominator of (" + numerator.str() +
                                ")/0 is the zero polynomial");
    polynomial n = numerator, d = denominator;
    cancel(n, d);
    *this = rational_function(lowest_terms{}, std::move(n), std::move(d));
}

rational_function operator+(const rational_function& x, const rational_function& y) {
    using parts = rational_function::lowest_terms;
    if (x.is_polynomial() && y.is_polynomial())
        return {parts{}, x.numerator_ + y.numerator_, x.denominator_};
    const polynomial g = gcd(x.denominator_, y.denominator_);
    const polynomial a = quotient(x.denominator_, g), b = quotient(y.denominator_, g);
    // With g = 1 the sum is in lowest terms; otherwise only g can share a divisor with it.
    polynomial n = x.numerator_ * b + y.numerator_ * a, h = g;
    cancel(n, h);
    return {parts{}, std::move(n), a * b * h};
}

rational_function operator-(const rational_function& x) {
    rational_function result = x;
    result.numerator_ = -result.numerator_;
    return result;
}

rational_function operator-(const rational_function& x, const rational_function& y) {
    return x + (-y);
}

rational_function operator*(const rational_function& x, const rational_function& y) {
    polynomial a = x.numerator_, b = x.denominator_, c = y.numerator_, d = y.denominator_;
    cancel(a, d);
    cancel(c, b);
    return {rational_function::lowest_terms{}, a * c, b * d};
}

rational_function operator/(const rational_function& x, const rational_function& y) {
    if (y.is_zero()) throw std::domain_error("rational_function: division by the zero function");
    return x * rational_function(rational_function::lowest_terms{}, y.denominator_, y.numerator_);
}

rational_function power(const rational_function& x, std::int64_t n) {
    if (n < 0) {
        if (x.is_zero())
            throw std::domain_error("rational_function: the zero function to the power " +
                                    std::to_string(n));
        if (n == INT64_MIN)
            throw std::length_error("rational_function: exponent " + std::to_string(n));
        return {rational_function::lowest_terms{}, power(x.denominator_, -n),
                power(x.numerator_, -n)};
    }
    return {rational_function::lowest_terms{}, power(x.numerator_, n), power(x.denominator_, n)};
}

rational_function rational_function::derivative(std::size_t variable) const {
    return {numerator_.derivative(variable) * denominator_ -
                numerator_ * denominator_.derivative(variable),
            denominator_ * denominator_};
}

rational rational_function::evaluate(const std::vector<rational>& point) const {
    const rational below = denominator_.evaluate(point);
    if (below.is_zero())
        throw std::domain_error("rational_function::evaluate: the denominator " +
                                denominator_.str() + " vanishes");
    return numerator_.evaluate(point) / below;
}

std::string rational_function::str() const {
    if (is_polynomial()) return numerator_.str();
    return "(" + numerator_.str() + ")/(" + denominator_.str() + ")";
}

std::ostream& operator<<(std::ostream& out, const rational_function& x) { return out << x.str(); }

} // namespace flowproof
