#pragma once
// Small valid certificates of every kind, written by hand or by the plainest producer there is.

#include <string>
#include <utility>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"

namespace flowproof::support {

inline std::string tape_block(const std::string& name, const tape& t) {
    return "tape " + name + "\n" + t.text() + "end\n";
}
inline std::string certificate_text(const std::string& kind, const std::string& body) {
    return "flowproof-certificate 1 " + kind + "\n" + body + "qed\n";
}

using corner = std::vector<std::pair<rational, rational>>;

/// A tree over the box: `leaf` names one for a part, or nothing to have it halved along its
/// longest side.
template <class Leaf> std::string tree(const corner& box, Leaf leaf) {
    if (const std::string word = leaf(box); !word.empty()) return " " + word;
    std::size_t longest = 0;
    for (std::size_t i = 1; i < box.size(); ++i)
        if (box[i].second - box[i].first > box[longest].second - box[longest].first) longest = i;
    corner low = box, high = box;
    low[longest].second = high[longest].first =
        (box[longest].first + box[longest].second) / rational(2);
    return " s" + std::to_string(longest) + tree(low, leaf) + tree(high, leaf);
}

inline std::vector<interval<double>> over(const tape& t, const corner& box) {
    std::vector<interval<double>> x;
    for (const auto& [a, b] : box)
        x.emplace_back(a.round_down(), b.round_up());
    return evaluate(t, std::span<const interval<double>>(x));
}

/// x^2 - x y + y^2 + 1/10 > 0 and x + y + 3 != 0 on [-1, 1]^2, by halving alone.
inline std::string sign_certificate() {
    const tape value = record({"x", "y"}, [](auto x, auto y) {
        return std::vector{x * x - x * y + y * y + rational(1, 10), x + y + 3};
    });
    const auto leaf = [&](const corner& b) {
        const auto f = over(value, b);
        return std::string(f[0].lower() > 0.01 && f[1].lower() > 0 ? "n" : "");
    };
    return certificate_text("sign_on_box", tape_block("value", value) +
                                               "signs positive nonzero\nside x -1 1\nside y -1 1\n"
                                               "tree" +
                                               tree({{-1, 1}, {-1, 1}}, leaf) + "\n");
}

/// exp(x) - x - x y / 4 >= 1/2 for 0 <= x, y <= 1 with x > y: leaves of every type.
inline std::string conditional_sign_certificate() {
    const tape value =
        record({"x", "y"}, [](auto x, auto y) { return exp(x) - x - x * y / 4 - rational(1, 2); });
    const tape domain = record({"x", "y"}, [](auto x, auto y) { return x - y; });
    return certificate_text("sign_on_box",
                            tape_block("value", value) + "signs nonnegative\n" +
                                tape_block("domain", domain) +
                                "relations positive\nside x 0 1\nside y 0 1\n"
                                // [0,1/2]x[0,1/2]: c; [0,1/2]x[1/2,1]: o; right half: n, m
                                "tree s0 s1 c o\ntree s1 n m\n");
}

/// x^2 + y^2 = p, x = y for 9/10 <= p <= 11/10: two zeros, told apart by the sign of x.
inline std::string zeros_certificate() {
    const tape system = record({"x", "y", "p"}, [](auto x, auto y, auto p) {
        return std::vector{x * x + y * y - p, x - y};
    });
    const tape sign = record({"x"}, [](auto x) { return std::vector{x, x - 2}; });
    const rational a(3, 5), b(4, 5);
    const corner zeros[] = {{{a, b}, {a, b}}, {{-b, -a}, {-b, -a}}};
    const auto leaf = [&](const corner& part) -> std::string {
        for (int z = 0; z < 2; ++z)
            if (zeros[z][0].first <= part[0].first && part[0].second <= zeros[z][0].second &&
                zeros[z][1].first <= part[1].first && part[1].second <= zeros[z][1].second)
                return "z" + std::to_string(z);
        corner all = part;
        all.emplace_back(rational(9, 10), rational(11, 10));
        const auto f = over(system, all);
        if (part[0].first >= rational(1) &&
            part[1].first >= rational(1)) // the operator shows it, too
            return part[1].second - part[1].first <= rational(1, 2) ? "k" : "";
        for (std::size_t i = 0; i < 2; ++i)
            if (f[i].lower() > 0.01 || f[i].upper() < -0.01) return "e" + std::to_string(i);
        return "";
    };
    return certificate_text(
        "zeros_in_box", tape_block("system", system) +
                            "unknown x -2 2\nunknown y -2 2\nparameter p 9/10 11/10\ncount 2\n" +
                            tape_block("indicators", sign) +
                            "zero 3/5 4/5 3/5 4/5 ; 7/10 7/10 ; 5/14 1/2 5/14 -1/2 ; 1 -1\n"
                            "zero -4/5 -3/5 -4/5 -3/5 ; -7/10 -7/10 ; -5/14 1/2 -5/14 -1/2 ; -1 0\n"
                            "tree" +
                            tree({{-2, 2}, {-2, 2}}, leaf) + "\n");
}

/// (x - 1) (x - 2)^2 (x^2 + 1) has two distinct real roots in (0, inf).
inline std::string roots_certificate() {
    return certificate_text("real_roots", "polynomial -4 8 -9 9 -5 1\nbetween 0 inf\ncount 2\n");
}

inline std::string definite_certificate() {
    return certificate_text("definite", "matrix H 3 strictly\nrow 2 -1 0\nrow -1 2 -1\nrow 0 -1 2\n"
                                        "matrix G 2 semi\nrow 1/4 1/2\nrow 1/2 1\n");
}

/// (x - y)^2 + (x y - 1)^2 >= 0, attained at (1, 1): basis 1, x, y, x y.
inline std::string squares_certificate() {
    const tape f =
        record({"x", "y"}, [](auto x, auto y) { return power(x - y, 2) + power(x * y - 1, 2); });
    return certificate_text("sum_of_squares", tape_block("polynomial", f) +
                                                  "lower 0\nattained 1 1\n"
                                                  "monomials 0,0 1,0 0,1 1,1\n"
                                                  "gram 1 0 0 -1\ngram 0 1 -1 0\n"
                                                  "gram 0 -1 1 0\ngram -1 0 0 1\n");
}

/// q rounded to a multiple of 2^-50, in the form m*2^e.
inline rational dyadic(const rational& q) {
    return (q * power(rational(2), 50)).floor() / power(rational(2), 50);
}
inline std::string dyadic_text(const rational& q) {
    return (q * power(rational(2), 50)).floor().str() + "*2^-50";
}

/// u' = a u (1 - u), v' = -b v at a = 1, b = 1/2 from (1/3, 1), by steps of this length; the
/// solution is known, so that centres are the rounded solution and errors double from step to step.
struct known_flow {
    rational length;
    int steps;
    rational error = power(rational(2), -38);

    static rational u(const rational& t) { // e^t / (e^t + 2)
        const ball e = exp(ball(t, 200));
        return (e / (e + 2)).midpoint();
    }
    static rational v(const rational& t) { return exp(ball(t * rational(-1, 2), 200)).midpoint(); }

    std::string head() const {
        const tape velocity = record({"u", "v", "a", "b"}, [](auto u, auto v, auto a, auto b) {
            return std::vector{a * u * (1 - u), -(b * v)};
        });
        return tape_block("velocity", velocity) +
               "states u v\nparameter a 1\nparameter b 1/2\nstart 1/3 1\n";
    }
    std::string path() const {
        std::string text;
        for (int k = 0; k <= steps; ++k) {
            const rational t = length * rational(k), e = error * power(rational(4), k);
            text += k < steps ? "step " + length.str() + " 10 60 ;" : std::string("final");
            text += " " + dyadic_text(u(t)) + " " + dyadic_text(v(t)) + " ; 1 2 ; " + e.str();
            if (k < steps)
                text += " ; " + (e * rational(3)).str() + " ; " + (e * rational(2)).str();
            text += "\n";
        }
        return text;
    }
};

/// u and u v t at the end, within 2^-29.
inline std::string flow_certificate(const rational& length = rational(1, 4), int steps = 3) {
    const known_flow flow{length, steps};
    const rational t = length * rational(steps), slack = power(rational(2), -29);
    const rational u = known_flow::u(t), uvt = u * known_flow::v(t) * t;
    const tape observed = record({"u", "v", "t"}, [](auto u_, auto v_, auto t_) {
        return std::vector{u_, u_ * v_ * t_};
    });
    return certificate_text("flow", flow.head() + tape_block("observed", observed) + flow.path() +
                                        "value 0 " + dyadic(u - slack).str() + " " +
                                        dyadic(u + slack).str() + "\nvalue 1 " +
                                        dyadic(uvt - slack).str() + " inf\n");
}

/// u reaches 1/2 at log 2: the time, and v = 2^-1/2 there.
inline std::string crossing_certificate() {
    const known_flow flow{rational(1, 4), 3};
    const rational log2 = log(ball(rational(2), 200)).midpoint(), slack = power(rational(2), -28);
    const rational v = known_flow::v(log2);
    const tape observed = record({"v", "t"}, [](auto v_, auto t_) { return std::vector{t_, v_}; });
    const tape event = record({"u"}, [](auto u) { return u - rational(1, 2); });
    return certificate_text("flow", flow.head() + tape_block("observed", observed) +
                                        tape_block("event", event) + flow.path() + "crossing " +
                                        dyadic(log2 - slack).str() + " " +
                                        dyadic(log2 + slack).str() + "\nside -1\nvalue 0 " +
                                        dyadic(log2 - rational(2) * slack).str() + " " +
                                        dyadic(log2 + rational(2) * slack).str() + "\nvalue 1 " +
                                        dyadic(v - rational(2) * slack).str() + " " +
                                        dyadic(v + rational(2) * slack).str() + "\n");
}

inline std::vector<std::pair<std::string, std::string>> all_certificates() {
    return {{"signs", sign_certificate()},
            {"signs under a condition", conditional_sign_certificate()},
            {"zeros", zeros_certificate()},
            {"roots", roots_certificate()},
            {"definite", definite_certificate()},
            {"squares", squares_certificate()},
            {"flow", flow_certificate()},
            {"flow backward", flow_certificate(rational(-1, 4), 2)},
            {"crossing", crossing_certificate()}};
}

} // namespace flowproof::support
