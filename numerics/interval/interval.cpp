#include "numerics/interval/interval.hpp"

#include <ostream>
#include <stdexcept>

#include "numerics/interval/correct_rounding.hpp"
#include "numerics/interval/elementary.hpp"
#include "numerics/interval/order.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof {

static_assert(ordered<interval<double>> && elementary<interval<double>>);

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string decimal(double x, mpfr_rnd_t direction) {
    if (x != x) throw std::invalid_argument("decimal: need a number, got nan");
    if (!rounding::is_finite(x)) return x > 0 ? "inf" : "-inf";
    if (x == 0) return "0";
    mpfr_t value;
    mpfr_init2(value, 53);
    mpfr_set_d(value, x, MPFR_RNDN); // exact
    mpfr_exp_t point = 0;            // |x| = 0.digits 10^point
    char* const text = mpfr_get_str(nullptr, &point, 10, 17, value, direction);
    std::string digits(text + (x < 0 ? 1 : 0));
    mpfr_free_str(text);
    mpfr_clear(value);
    digits.erase(digits.find_last_not_of('0') + 1);

    std::string result = x < 0 ? "-" : "";
    if (point < -4 || point > 17) { // d.ddd e
        result += digits.front();
        if (digits.size() > 1) result.append(".").append(digits, 1);
        return result.append("e").append(std::to_string(point - 1));
    }
    if (point <= 0)
        return result.append("0.").append(static_cast<std::size_t>(-point), '0') + digits;
    const auto whole = static_cast<std::size_t>(point);
    if (digits.size() <= whole) return result.append(digits).append(whole - digits.size(), '0');
    return result.append(digits, 0, whole).append(".").append(digits, whole);
}

} // namespace

std::string decimal_down(double x) { return decimal(x, MPFR_RNDD); }
std::string decimal_up(double x) { return decimal(x, MPFR_RNDU); }

interval<double>::interval(const rational& q)
    : lower_(q.round_down() + 0.0), upper_(q.round_up() + 0.0) {}

void interval<double>::reject(double lower, double upper) {
    const auto text = [](double x) { return x != x ? "nan" : decimal(x, MPFR_RNDN); };
    throw std::invalid_argument("interval: need lower <= upper, lower < inf and upper > -inf, got "
                                "lower = " +
                                text(lower) + ", upper = " + text(upper));
}

interval<double> interval<double>::hull(const rational& lower, const rational& upper) {
    if (lower > upper)
        throw std::invalid_argument("interval::hull: need lower <= upper, got lower = " +
                                    lower.str() + ", upper = " + upper.str());
    return {unchecked{}, lower.round_down() + 0.0, upper.round_up() + 0.0};
}

bool interval<double>::contains(const rational& q) const {
    if (is_empty()) return false;
    return (lower_ == -infinity || rational::exactly(lower_) <= q) &&
           (upper_ == infinity || q <= rational::exactly(upper_));
}

double interval<double>::width() const noexcept {
    return is_empty() ? not_a_number : rounding::up_sub(upper_, lower_);
}

double interval<double>::midpoint() const noexcept {
    if (is_empty()) return not_a_number;
    if (is_entire()) return 0.0;
    if (lower_ == -infinity) return -largest;
    if (upper_ == infinity) return largest;
    const double sum = lower_ + upper_;
    return (rounding::is_finite(sum) ? 0.5 * sum : 0.5 * lower_ + 0.5 * upper_) + 0.0;
}

double interval<double>::radius() const noexcept {
    const double centre = midpoint();
    if (centre != centre) return centre;
    return std::max(rounding::up_sub(centre, lower_), rounding::up_sub(upper_, centre));
}

double interval<double>::magnitude() const noexcept {
    return is_empty() ? not_a_number : abs(*this).upper_;
}
double interval<double>::mignitude() const noexcept {
    return is_empty() ? not_a_number : abs(*this).lower_;
}

std::string interval<double>::str() const {
    if (is_empty()) return "empty";
    std::string text = "[";
    return text.append(decimal_down(lower_)).append(", ").append(decimal_up(upper_)).append("]");
}

std::ostream& operator<<(std::ostream& out, const interval<double>& x) { return out << x.str(); }

interval<double> interval<double>::sum_far(const interval& x, double lower, double upper) {
    if (x.is_empty() || lower > upper) return empty();
    return {unchecked{}, rounding::down_add(x.lower_, lower), rounding::up_add(x.upper_, upper)};
}

interval<double> interval<double>::product_far(const interval& x, const interval& y) {
    using namespace rounding;
    if (x.is_empty() || y.is_empty()) return empty();
    return {unchecked{},
            std::min({down_mul(x.lower_, y.lower_), down_mul(x.lower_, y.upper_),
                      down_mul(x.upper_, y.lower_), down_mul(x.upper_, y.upper_)}),
            std::max({up_mul(x.lower_, y.lower_), up_mul(x.lower_, y.upper_),
                      up_mul(x.upper_, y.lower_), up_mul(x.upper_, y.upper_)})};
}

interval<double> interval<double>::quotient_far(const interval& x, const interval& y) {
    if (x.is_empty() || y.is_empty() || (y.lower_ == 0 && y.upper_ == 0)) return empty();
    if (y.upper_ <= 0) return quotient_far(-x, -y);
    if (y.lower_ > 0) return over_positive(x, y);
    if (x.lower_ == 0 && x.upper_ == 0) return x;
    if (y.lower_ < 0 || (x.lower_ < 0 && x.upper_ > 0)) return entire();
    if (x.lower_ >= 0) return {unchecked{}, rounding::down_div(x.lower_, y.upper_), infinity};
    return {unchecked{}, -infinity, rounding::up_div(x.upper_, y.upper_)};
}

std::pair<interval<double>, interval<double>> divide_to_pair(const interval<double>& x,
                                                             const interval<double>& y) {
    using set = interval<double>;
    if (x.is_empty() || y.is_empty()) return {set::empty(), set::empty()};
    if (x.contains(0.0) && y.contains(0.0)) return {set::entire(), set::empty()};
    if (!(y.lower_ < 0 && y.upper_ > 0)) return {x / y, set::empty()};
    const set negative(y.lower_, 0.0), positive(0.0, y.upper_);
    return x.lower_ > 0 ? std::pair{x / negative, x / positive}
                        : std::pair{x / positive, x / negative};
}

interval<double> power(const interval<double>& x, std::int64_t n) {
    using namespace rounding;
    using set = interval<double>;
    if (x.is_empty()) return x;
    const auto of_positive = [n](const set& part) { // part >= 0
        if (n < 0 && part.upper_ == 0) return set::empty();
        return n > 0 ? set(set::unchecked{}, down_power(part.lower_, n), up_power(part.upper_, n))
                     : set(set::unchecked{}, down_power(part.upper_, n), up_power(part.lower_, n));
    };
    if (n % 2 == 0) return of_positive(abs(x));
    if (x.lower_ >= 0) return of_positive(x);
    if (x.upper_ <= 0) return -of_positive(-x);
    if (n < 0) return set::entire();
    return {set::unchecked{}, 0.0 - up_power(-x.lower_, n), up_power(x.upper_, n)};
}

interval<double> fma(const interval<double>& x, const interval<double>& y,
                     const interval<double>& z) {
    using namespace rounding;
    using set = interval<double>;
    if (x.is_empty() || y.is_empty() || z.is_empty()) return set::empty();
    const auto bound = [](const set& u, const set& v, double c) {
        if (c == -set::infinity) return c;
        return std::min({down_fma(u.lower_, v.lower_, c), down_fma(u.lower_, v.upper_, c),
                         down_fma(u.upper_, v.lower_, c), down_fma(u.upper_, v.upper_, c)});
    };
    return {set::unchecked{}, bound(x, y, z.lower_), 0.0 - bound(-x, y, -z.upper_)};
}

} // namespace flowproof
