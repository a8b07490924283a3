#include "numerics/ode/digits.hpp"

#include <algorithm>
#include <bit>

namespace flowproof::approx {

namespace {

__extension__ using wide = __int128;
constexpr int radix_bits = digits::radix_bits;
constexpr std::int64_t radix = std::int64_t{1} << radix_bits;

std::uint64_t absolute(std::int64_t x) {
    return x < 0 ? ~static_cast<std::uint64_t>(x) + 1 : static_cast<std::uint64_t>(x);
}

/// The signed digit that x ends with; x becomes the rest.
std::int64_t split(wide& x) {
    constexpr int unused = 64 - radix_bits;
    const std::int64_t d =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(x) << unused) >> unused;
    x = (x - d) >> radix_bits;
    return d;
}

/// The leading digit is not 0, nor 1 or -1 where one digit less can do.
void shorten(std::vector<std::int64_t>& digit) {
    while (!digit.empty() && digit.back() == 0)
        digit.pop_back();
    const std::size_t n = digit.size();
    if (n < 2 || (digit[n - 1] != 1 && digit[n - 1] != -1)) return;
    if (digit[n - 2] == 0 || (digit[n - 2] > 0) == (digit[n - 1] > 0)) return;
    digit[n - 2] += digit[n - 1] * radix;
    digit.pop_back();
}

/// Products of digits are less than 2^116 in absolute value: a sum of this many fits, also doubled.
constexpr std::int64_t longest_sum = 500;

/// x[0] y[0] + x[1] y[-1] + ...
wide inner(const std::int64_t* x, const std::int64_t* y, slong n) {
    const auto product = [&](slong i) { return static_cast<wide>(x[i]) * y[-i]; };
    wide even = 0, odd = 0;
    slong i = 0;
    for (; i + 4 <= n; i += 4) {
        even += product(i);
        odd += product(i + 1);
        even += product(i + 2);
        odd += product(i + 3);
    }
    for (; i < n; ++i)
        even += product(i);
    return even + odd;
}

} // namespace

std::int64_t digits::top() const {
    return radix_bits * (high() - 1) + static_cast<int>(std::bit_width(absolute(digit.back())));
}

magnitude digits::size(std::int64_t shift) const {
    magnitude result;
    if (is_zero()) return result;
    const std::size_t n = digit.size();
    if (n == 1) {
        mag_set_ui_2exp_si(result.raw(), absolute(digit[0]), radix_bits * low + shift);
        return result;
    }
    // The digits below the upper two are less than one unit of the second.
    wide two = static_cast<wide>(digit[n - 1]) * radix + digit[n - 2];
    if (two < 0) two = -two;
    two += 1;
    int dropped = 0;
    while (two >> (dropped + 62) != 0)
        ++dropped;
    mag_set_ui_2exp_si(result.raw(), static_cast<ulong>(two >> dropped) + 1,
                       radix_bits * (high() - 2) + dropped + shift);
    return result;
}

int digits::cut(std::int64_t position) {
    if (position <= low) return 0;
    const auto count =
        std::min(static_cast<std::size_t>(position - low), digit.size()); // of digits below
    const auto end = digit.begin() + static_cast<std::ptrdiff_t>(count);
    const bool any = std::any_of(digit.begin(), end, [](std::int64_t d) { return d != 0; });
    digit.erase(digit.begin(), end);
    low = position;
    // The last digit may be twice as large as others.
    return any ? digit.empty() ? 5 : 3 : 0;
}

bool digits::set(const arf_t x) {
    constexpr std::int64_t largest_exponent = std::int64_t{1} << 40;
    digit.clear();
    if (arf_is_zero(x)) return true;
    if (!arf_is_finite(x)) return false;
    fmpz_t rest, exponent, part;
    for (fmpz* z : {rest, exponent, part})
        fmpz_init(z);
    arf_get_fmpz_2exp(rest, exponent, x);
    const bool fits =
        fmpz_cmp_si(exponent, largest_exponent) < 0 && fmpz_cmp_si(exponent, -largest_exponent) > 0;
    if (fits) {
        const std::int64_t e = fmpz_get_si(exponent);
        low = (e >= 0 ? e : e - (radix_bits - 1)) / radix_bits;
        fmpz_mul_2exp(rest, rest, static_cast<ulong>(e - low * radix_bits));
        while (!fmpz_is_zero(rest)) {
            fmpz_fdiv_r_2exp(part, rest, radix_bits);
            std::int64_t d = fmpz_get_si(part);
            if (d >= radix / 2) d -= radix;
            digit.push_back(d);
            if (d < 0)
                fmpz_add_ui(rest, rest, absolute(d));
            else
                fmpz_sub_ui(rest, rest, static_cast<ulong>(d));
            fmpz_fdiv_q_2exp(rest, rest, radix_bits);
        }
        shorten(digit);
    }
    for (fmpz* z : {rest, exponent, part})
        fmpz_clear(z);
    return fits;
}

void digits::get(arf_t x, std::int64_t shift) const {
    if (is_zero()) {
        arf_zero(x);
        return;
    }
    // Digits of |x| without sign, in words of 64 bits.
    const bool negative = digit.back() < 0;
    constexpr std::size_t few = 16;
    mp_limb_t local[few];
    std::vector<mp_limb_t> large;
    mp_limb_t* word = local;
    const std::size_t words = digit.size() * radix_bits / 64 + 1;
    if (words > few) {
        large.resize(words);
        word = large.data();
    }
    std::size_t used = 0;
    std::int64_t borrow = 0;
    mp_limb_t held = 0;
    int count = 0;
    for (const std::int64_t signed_digit : digit) {
        std::int64_t d = (negative ? -signed_digit : signed_digit) + borrow;
        borrow = d < 0 ? -1 : 0;
        if (d < 0) d += radix;
        const auto bits = static_cast<mp_limb_t>(d);
        held |= bits << count;
        count += radix_bits;
        if (count < 64) continue;
        word[used++] = held;
        count -= 64;
        held = count == 0 ? 0 : bits >> (radix_bits - count);
    }
    word[used++] = held;
    while (word[used - 1] == 0)
        --used;
    arf_set_mpn(x, word, static_cast<mp_size_t>(used), negative);
    arf_mul_2exp_si(x, x, radix_bits * low + shift);
}

void digit_row::clear() {
    used_ = 0;
    top_ = floor = no_top;
    std::fill(tops_.begin(), tops_.end(), no_top);
}

digit_row::plane& digit_row::at(std::int64_t position, slong k) {
    const auto end = planes_.begin() + static_cast<std::ptrdiff_t>(used_);
    auto found =
        std::find_if(planes_.begin(), end, [&](const plane& p) { return p.position >= position; });
    if (found != end && found->position == position) return *found;
    if (used_ == planes_.size()) {
        const auto i = found - planes_.begin();
        planes_.emplace_back();
        found = planes_.begin() + i;
    }
    ++used_;
    // A plane in reserve takes its place.
    std::rotate(found, planes_.begin() + static_cast<std::ptrdiff_t>(used_) - 1,
                planes_.begin() + static_cast<std::ptrdiff_t>(used_));
    found->position = position;
    found->digit.assign(static_cast<std::size_t>(size_), 0);
    found->first = found->last = k;
    return *found;
}

void digit_row::set(slong k, const digits& x) {
    if (x.is_zero()) return;
    const std::int64_t top = tops_[static_cast<std::size_t>(k)] = x.top();
    top_ = std::max(top_, top);
    for (std::size_t i = 0; i < x.digit.size(); ++i) {
        if (x.digit[i] == 0) continue;
        plane& p = at(x.low + static_cast<std::int64_t>(i), k);
        p.digit[static_cast<std::size_t>(k)] = x.digit[i];
        p.last = k;
    }
}

void digit_row::get(slong k, digits& x) const {
    x.digit.clear();
    for (const plane& p : planes()) {
        const std::int64_t d = p.digit[static_cast<std::size_t>(k)];
        if (d == 0) continue;
        if (x.is_zero()) x.low = p.position;
        x.digit.resize(static_cast<std::size_t>(p.position - x.low), 0);
        x.digit.push_back(d);
    }
}

/// Products of digits: one of the position just below is less than B^(low + 1); all of those below
/// that are less than a quarter.
void columns::leave_out(std::int64_t position, slong products, std::int64_t times) {
    if (position == low_ - 1)
        left_out_ += 4 * static_cast<std::uint64_t>(products) * absolute(times);
    else
        deeper_ = 1;
}

void columns::add(const digits& x, std::int64_t times) {
    for (std::size_t i = 0; i < x.digit.size(); ++i) {
        const std::int64_t position = x.low + static_cast<std::int64_t>(i);
        if (position >= low_)
            at(position) += static_cast<wide>(x.digit[i]) * times;
        else if (x.digit[i] != 0)
            deeper_ = 1;
    }
}

void columns::add_product(const digits& x, const digits& y, std::int64_t times) {
    const std::size_t nx = x.digit.size(), ny = y.digit.size();
    if (nx == 0 || ny == 0) return;
    const std::int64_t low = x.low + y.low;
    for (std::size_t column = 0; column < nx + ny - 1; ++column) {
        const std::int64_t position = low + static_cast<std::int64_t>(column);
        const std::size_t first = column < ny ? 0 : column - ny + 1,
                          last = std::min(column, nx - 1);
        if (position < low_) {
            leave_out(position, static_cast<slong>(last - first + 1), times);
            continue;
        }
        wide sum = 0;
        for (std::size_t a = first, count = 0; a <= last; ++a) {
            sum += static_cast<wide>(x.digit[a]) * y.digit[column - a];
            if (++count == longest_sum || a == last) {
                sum *= times;
                at(position) += split(sum);
                at(position + 1) += sum;
                sum = 0;
                count = 0;
            }
        }
    }
}

void columns::add_inner(const digit_row& x, const digit_row& y, slong k, slong first, slong last,
                        std::int64_t times) {
    for (const digit_row::plane& p : x.planes())
        for (const digit_row::plane& q : y.planes()) {
            // Where neither digit is 0 throughout.
            slong from = std::max({first, p.first, k - q.last});
            const slong to = std::min({last, p.last, k - q.first});
            if (from > to) continue;
            const std::int64_t position = p.position + q.position;
            if (position < low_) {
                leave_out(position, to - from + 1, times);
                continue;
            }
            for (; from <= to; from += longest_sum) {
                wide sum = inner(p.digit.data() + from, q.digit.data() + (k - from),
                                 std::min(to - from + 1, longest_sum)) *
                           times;
                const std::int64_t digit = split(sum);
                at(position + 1) += sum; // first: the sum grows once
                at(position) += digit;
            }
        }
}

void columns::add_quotient(const digits& x, std::int64_t divisor) {
    constexpr int half = radix_bits / 2;
    constexpr std::int64_t mask = (std::int64_t{1} << half) - 1;
    std::int64_t rest = 0;
    for (std::int64_t position = x.high() - 1; position >= low_; --position) {
        const std::int64_t d =
            position >= x.low ? x.digit[static_cast<std::size_t>(position - x.low)] : 0;
        if (d == 0 && rest == 0) continue;
        std::int64_t part = rest * (mask + 1) + (d >> half);
        const std::int64_t upper = part / divisor;
        part = (part - upper * divisor) * (mask + 1) + (d & mask);
        const std::int64_t lower = part / divisor;
        rest = part - lower * divisor;
        at(position) += static_cast<wide>(upper) * (mask + 1) + lower;
    }
    if (rest != 0 || x.low < low_) deeper_ = 1;
}

void columns::close(digits& sum, int shift) {
    sum.low = low_;
    sum.digit.resize(used_);
    wide carry = 0, shifted = 0;
    const auto next = [&] {
        shifted += static_cast<wide>(split(carry)) * (std::int64_t{1} << shift);
        return split(shifted);
    };
    for (std::size_t i = 0; i < used_; ++i) {
        carry += sum_[i];
        sum.digit[i] = next();
    }
    while (carry != 0 || shifted != 0)
        sum.digit.push_back(next());
    shorten(sum.digit);
}

} // namespace flowproof::approx
