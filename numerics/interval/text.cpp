#include "numerics/interval/text.hpp"

#include <optional>
#include <stdexcept>

namespace flowproof {

namespace {

using set = interval<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();

class reader {
public:
    explicit reader(std::string_view text) : text_(text) {}

    set literal() const {
        std::string lower;
        for (const char c : text_)
            lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const std::string_view all = trimmed(lower);
        if (all.size() >= 2 && all.front() == '[' && all.back() == ']')
            return bracketed(trimmed(all.substr(1, all.size() - 2)));
        if (const auto mark = all.find('?'); mark != std::string_view::npos)
            return uncertain(all.substr(0, mark), all.substr(mark + 1));
        fail("an interval is [lower, upper] or a decimal with ?");
    }

private:
    [[noreturn]] void fail(const std::string& rule) const {
        throw std::invalid_argument("parse_interval: " + rule + ", got \"" + std::string(text_) +
                                    "\"");
    }

    static std::string_view trimmed(std::string_view s) {
        constexpr std::string_view space = " \t\n\r";
        const auto first = s.find_first_not_of(space);
        if (first == std::string_view::npos) return {};
        return s.substr(first, s.find_last_not_of(space) - first + 1);
    }

    set bracketed(std::string_view inside) const {
        if (inside.empty() || inside == "empty") return set::empty();
        if (inside == "entire") return set::entire();
        const auto comma = inside.find(',');
        if (comma == std::string_view::npos) {
            const auto point = number(inside);
            if (!point) fail("a single point must be finite");
            return *point;
        }
        const auto lower = bound(trimmed(inside.substr(0, comma)), -1);
        const auto upper = bound(trimmed(inside.substr(comma + 1)), 1);
        if (lower && upper && *lower > *upper) fail("the lower bound must not exceed the upper");
        return {lower ? lower->round_down() : -infinity, upper ? upper->round_up() : infinity};
    }

    /// A bound, nothing if it is infinite on the side asked for.
    std::optional<rational> bound(std::string_view s, int side) const {
        if (s.empty()) return std::nullopt;
        auto value = number(s);
        if (!value && (s.front() == '-' ? -1 : 1) != side)
            fail("the lower bound must be below inf, the upper above -inf");
        return value;
    }

    /// The exact number, nothing if it is infinite.
    std::optional<rational> number(std::string_view s) const {
        const bool negative = !s.empty() && s.front() == '-';
        const std::string_view size =
            !s.empty() && (s.front() == '-' || s.front() == '+') ? s.substr(1) : s;
        if (size == "inf" || size == "infinity") return std::nullopt;
        if (size.substr(0, 2) == "0x") {
            const rational value = hexadecimal(size.substr(2));
            return negative ? -value : value;
        }
        return decimal(s);
    }

    rational decimal(std::string_view s) const {
        if (const auto e = s.find('e'); e != std::string_view::npos) {
            const rational value = decimal(s.substr(0, e));
            return value * power(rational(10), exponent(s.substr(e + 1)));
        }
        // "1." is a decimal of the standard.
        if (s.size() > 1 && s.back() == '.') s.remove_suffix(1);
        try {
            return rational::parse(s);
        } catch (const std::invalid_argument&) {
            fail("\"" + std::string(s) + "\" is no number");
        }
    }

    rational hexadecimal(std::string_view s) const {
        const auto p = s.find('p');
        if (p == std::string_view::npos) fail("a hexadecimal number needs an exponent p");
        rational value;
        std::int64_t point = 0;
        bool fraction = false, any = false;
        for (const char c : s.substr(0, p)) {
            if (c == '.' && !fraction) {
                fraction = true;
                continue;
            }
            const bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
            if (!digit && !letter) fail("a hexadecimal number consists of 0-9 and a-f");
            value = value * 16 + (digit ? c - '0' : c - 'a' + 10);
            any = true;
            if (fraction) point -= 4;
        }
        if (!any) fail("a hexadecimal number needs digits");
        return value * power(rational(2), exponent(s.substr(p + 1)) + point);
    }

    std::int64_t exponent(std::string_view s) const {
        const bool negative = !s.empty() && s.front() == '-';
        if (!s.empty() && (s.front() == '-' || s.front() == '+')) s.remove_prefix(1);
        if (s.empty()) fail("an exponent needs digits");
        std::int64_t value = 0;
        for (const char c : s) {
            if (c < '0' || c > '9') fail("an exponent is an integer");
            value = 10 * value + (c - '0');
            if (value > 99999) fail("an exponent must lie within +-99999");
        }
        return negative ? -value : value;
    }

    /// m?r with direction and exponent.
    set uncertain(std::string_view middle, std::string_view rest) const {
        if (middle.find_first_of("ex/") != std::string_view::npos)
            fail("what stands before ? is a decimal without exponent");
        const rational centre = decimal(middle);
        const auto point = middle.find('.');
        const auto places = point == std::string_view::npos ? 0 : middle.size() - point - 1;
        const rational unit = power(rational(10), -static_cast<std::int64_t>(places));

        const bool unlimited = !rest.empty() && rest.front() == '?';
        rational radius(1, 2);
        if (unlimited) {
            rest.remove_prefix(1);
        } else if (const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
                   digits > 0) {
            radius = rational::parse(rest.substr(0, digits));
            rest.remove_prefix(digits);
        }
        const char direction =
            !rest.empty() && (rest.front() == 'u' || rest.front() == 'd') ? rest.front() : ' ';
        if (direction != ' ') rest.remove_prefix(1);
        if (!rest.empty() && rest.front() != 'e')
            fail("after ? come digits or ?, then u or d, then an exponent");
        const rational scale =
            rest.empty() ? rational(1) : power(rational(10), exponent(rest.substr(1)));

        const rational lower = (centre - (direction == 'u' ? 0 : radius * unit)) * scale;
        const rational upper = (centre + (direction == 'd' ? 0 : radius * unit)) * scale;
        return {unlimited && direction != 'u' ? -infinity : lower.round_down(),
                unlimited && direction != 'd' ? infinity : upper.round_up()};
    }

    std::string_view text_;
};

} // namespace

interval<double> parse_interval(std::string_view text) { return reader(text).literal(); }

} // namespace flowproof
