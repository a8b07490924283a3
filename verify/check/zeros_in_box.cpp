// All zeros of a system in a box of its unknowns, for every value of its parameters.
#include <algorithm>
#include <optional>

#include "verify/check/box.hpp"
#include "verify/check/elimination.hpp"
#include "verify/check/kinds.hpp"
#include "verify/check/range.hpp"

namespace flowproof::check {

namespace {

struct zero {
    std::vector<rational> lower, upper, centre;
    square preconditioner;
    std::vector<int> signs;
    std::size_t line;
};

/// "zero LOWER UPPER ... ; CENTRE ... ; PRECONDITIONER ... ; SIGNS"
zero read_zero(document& text, const line& l, std::size_t n, std::size_t indicators) {
    const std::size_t first = 1 + 2 * n, second = first + 1 + n, third = second + 1 + n * n;
    if (l.words.size() != third + 1 + indicators &&
        !(indicators == 0 && l.words.size() == third)) // the last ; may be left out
        unreadable(l.number, "a zero has two ends an unknown, a centre, a preconditioner and a "
                             "sign an indicator, with ; in between");
    for (const std::size_t i : {first, second, third})
        if (i < l.words.size() && l.words[i] != ";")
            unreadable(l.number, "expected ; as word " + std::to_string(i + 1));
    zero z;
    z.line = l.number;
    for (std::size_t i = 0; i < n; ++i) {
        z.lower.push_back(text.number(l, 1 + 2 * i));
        z.upper.push_back(text.number(l, 2 + 2 * i));
    }
    z.centre = text.numbers(l, first + 1, n);
    z.preconditioner = {n, text.numbers(l, second + 1, n * n)};
    for (std::size_t i = 0; i < indicators; ++i) {
        const std::string_view w = l.words[third + 1 + i];
        if (w != "-1" && w != "0" && w != "1") unreadable(l.number, "a sign is -1, 0 or 1");
        z.signs.push_back(w == "1" ? 1 : w == "0" ? 0 : -1);
    }
    return z;
}

/// x - C F(x) and its derivative, enclosed over unknowns X and parameters P. The box lists the n
/// unknowns first.
struct krawczyk {
    const enclosed_program<in_ranges>& system;
    std::int64_t bits;
    std::size_t n;

    struct image {
        std::vector<range> at; ///< c - C F(c, P) + (I - C F'(X, P)) (X - c)
        bool contracts = true; ///< |I - C F'(X, P)| r < r for the half widths r of X
    };

    range sum(const square& c, std::size_t row, const std::vector<range>& x) const {
        range s(ball(rational(0), bits));
        for (std::size_t k = 0; k < n; ++k)
            s = s + number(c.at(row, k)) * x[k];
        return s;
    }
    range number(const rational& q) const { return range(ball(q, bits)); }

    image operator()(const box& over, const std::vector<rational>& centre, const square& c) const {
        box at = over; // the unknowns at the centre, the parameters in their box
        for (std::size_t i = 0; i < n; ++i)
            at.lower[i] = at.upper[i] = centre[i];
        const std::vector<range> direct = system.direct(at), middle = system.direct(at.centre());
        const std::vector<jet_of<range>> around = system.jets(at), slopes = system.jets(over);
        image result;
        std::vector<range> column(n, number(rational(0)));
        for (std::size_t i = 0; i < n; ++i) {
            // C F(c, P), directly and by the centred form in the parameters.
            const range plain = sum(c, i, direct);
            range linear = sum(c, i, middle);
            for (std::size_t p = n; p < over.size(); ++p) {
                for (std::size_t k = 0; k < n; ++k)
                    column[k] = around[k].slope[p];
                linear = linear + sum(c, i, column) * system.offset(over, p);
            }
            range value = number(centre[i]) -
                          range(greater(plain.lo, linear.lo), lesser(plain.hi, linear.hi));
            ball shrunk(rational(0), bits);
            for (std::size_t j = 0; j < n; ++j) {
                for (std::size_t k = 0; k < n; ++k)
                    column[k] = slopes[k].slope[j];
                const range m = number(rational(i == j ? 1 : 0)) - sum(c, i, column);
                value = value + m * (in_ranges{bits}.between(over.lower[j], over.upper[j]) -
                                     number(centre[j]));
                shrunk += greater(abs(m.lo), abs(m.hi)) * system.offset(over, j).hi;
            }
            result.contracts =
                result.contracts && certainly(less(shrunk, system.offset(over, i).hi));
            result.at.push_back(value);
        }
        return result;
    }
};

/// The inverse of the midpoints of the Jacobian over the box, with entries of 53 bits; any matrix
/// would do. Nothing where there is none.
std::optional<square> preconditioner_for(const enclosed_program<in_ranges>& system, const box& over,
                                         std::size_t n, meter& work) {
    const std::vector<jet_of<range>> at = system.jets(over);
    const auto rounded = [](const rational& q) { return rational::exactly(q.nearest()); };
    square jacobian{n, {}};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            const ball entry = (at[i].slope[j].lo + at[i].slope[j].hi) / 2;
            if (!entry.is_finite()) return std::nullopt;
            jacobian.entries.push_back(rounded(entry.midpoint()));
        }
    std::optional<square> inverted = inverse(jacobian, work);
    if (inverted)
        for (rational& q : inverted->entries)
            q = rounded(q);
    return inverted;
}

bool inside(const rational& low, const range& x, const rational& high, std::int64_t bits) {
    return certainly(less(ball(low, bits), x.lo)) && certainly(less(x.hi, ball(high, bits)));
}

/// For every parameter there is exactly one zero in the box of z, in its interior.
void check_zero(const zero& z, const box& whole, const krawczyk& map,
                const enclosed_program<in_ranges>& indicators, std::int64_t bits) {
    box over = whole;
    for (std::size_t i = 0; i < map.n; ++i) {
        if (z.lower[i] <= whole.lower[i] || z.upper[i] >= whole.upper[i])
            invalid(z.line, "the zero's box is not in the interior of the unknowns' box");
        if (z.centre[i] < z.lower[i] || z.centre[i] > z.upper[i])
            invalid(z.line, "the centre is not in the zero's box");
        over.lower[i] = z.lower[i];
        over.upper[i] = z.upper[i];
    }
    const krawczyk::image image = map(over, z.centre, z.preconditioner);
    for (std::size_t i = 0; i < map.n; ++i)
        if (!inside(z.lower[i], image.at[i], z.upper[i], bits))
            invalid(z.line, "the Krawczyk operator does not map the zero's box into its interior "
                            "(unknown " +
                                whole.names[i] + ")");
    if (!image.contracts)
        invalid(z.line, "the Krawczyk operator is no contraction on the zero's box");
    const std::vector<range> x = indicators.direct(over),
                             y = indicators.centred(over, indicators.jets(over));
    for (std::size_t i = 0; i < z.signs.size(); ++i) {
        const auto sure = [&](const range& r) {
            return z.signs[i] > 0 ? certainly(less(ball(0), r.lo)) : certainly(less(r.hi, ball(0)));
        };
        if (z.signs[i] != 0 && !sure(x[i]) && !sure(y[i]))
            invalid(z.line, "indicator " + std::to_string(i) + " has not certainly the sign shown");
    }
}

/// Every zero of the part lies in its image under the Krawczyk operator, too. Does that leave
/// nothing, or nothing outside of the box of z?
bool left_over(const krawczyk& map, const box& part, meter& work, const zero* z) {
    const auto c = preconditioner_for(map.system, part, map.n, work);
    if (!c) return false;
    std::vector<rational> centre = part.centre().lower;
    centre.resize(map.n);
    const krawczyk::image image = map(part, centre, *c);
    const auto below = [&](const ball& x, const rational& q) {
        return certainly(less(x, ball(q, map.bits)));
    };
    const auto over = [&](const rational& q, const ball& x) {
        return certainly(less(ball(q, map.bits), x));
    };
    bool within = z != nullptr;
    for (std::size_t i = 0; i < map.n; ++i) {
        const range& x = image.at[i];
        if (below(x.hi, part.lower[i]) || over(part.upper[i], x.lo)) return true; // nothing is left
        within = within && (z->lower[i] <= part.lower[i] || over(z->lower[i], x.lo)) &&
                 (part.upper[i] <= z->upper[i] || below(x.hi, z->upper[i]));
    }
    return within;
}

} // namespace

std::string check_zeros_in_box(document& text, meter& work) {
    box whole;
    for (const line* l : text.all({"unknown"}))
        add_side(whole, text, *l);
    const std::size_t n = whole.size();
    for (const line* l : text.all({"parameter"}))
        add_side(whole, text, *l);
    const program& system = text.tape("system");
    if (n == 0 || n > 100 || system.outputs.size() != n)
        unreadable(system.line, "a system of 1 to 100 equations needs as many unknowns");
    const program none{};
    const program& signs = text.has_tape("indicators") ? text.tape("indicators") : none;
    std::vector<zero> zeros;
    for (const line* l : text.all({"zero"}))
        zeros.push_back(read_zero(text, *l, n, signs.outputs.size()));
    const line& count = text.only("count");
    if (count.words.size() != 2) unreadable(count.number, "expected \"count N\"");
    if (text.count(count, 1, 100'000) != zeros.size())
        invalid(count.number, "the count is not the number of zeros listed");

    const std::int64_t bits = precision_for(text);
    const enclosed_program<in_ranges> enclosed(system, whole, {bits}, work),
        indicators(signs, whole, {bits}, work);
    const krawczyk map{enclosed, bits, n};
    for (const zero& z : zeros)
        check_zero(z, whole, map, indicators, bits);
    for (std::size_t a = 0; a < zeros.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) {
            bool apart = false;
            for (std::size_t i = 0; i < n; ++i)
                apart = apart || zeros[a].upper[i] < zeros[b].lower[i] ||
                        zeros[b].upper[i] < zeros[a].lower[i];
            if (!apart) invalid(zeros[a].line, "the boxes of two zeros meet");
            work.spend(n);
        }

    std::size_t parts = 0;
    walk(text, whole, work, [&](std::string_view leaf, const box& b, const line& at) {
        ++parts;
        bool shown = false;
        if (leaf[0] == 'e') {
            const std::size_t i = number_after(leaf, n, at.number);
            shown =
                enclosed.certain(b, i, above, true, 2) || enclosed.certain(b, i, below, false, 2);
        } else if (leaf[0] == 'z') {
            const zero& z = zeros[number_after(leaf, zeros.size(), at.number)];
            shown = true;
            for (std::size_t i = 0; i < n; ++i)
                shown = shown && z.lower[i] <= b.lower[i] && b.upper[i] <= z.upper[i];
            if (!shown) shown = left_over(map, b, work, &z);
        } else if (leaf == "k") {
            shown = left_over(map, b, work, nullptr);
        } else {
            unreadable(at.number, "a leaf is eI, zK or k, got \"" + std::string(leaf) + "\"");
        }
        if (!shown)
            invalid(at.number, "part " + std::to_string(parts) + " of the box: leaf " +
                                   std::string(leaf) + " is not certain");
    });
    text.nothing_else();
    return std::to_string(zeros.size()) + " zeros of " + std::to_string(n) + " equations, " +
           std::to_string(whole.size() - n) + " parameters, " + std::to_string(parts) + " parts";
}

} // namespace flowproof::check
