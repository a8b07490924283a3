#include "theory/scb/prox.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace flowproof::scb {

namespace {

using Eigen::Index;

rational sum_of(const matrix<rational>& a) {
    rational sum;
    for (Index t = 0; t < a.rows(); ++t)
        sum += a(t, 0);
    return sum;
}

matrix<rational> shifted(const matrix<rational>& z, const rational& nu) {
    return z - matrix<rational>::Constant(z.rows(), 1, nu);
}

void check_lambda(const char* who, const rational& lambda) {
    if (lambda.sign() < 0)
        throw std::domain_error(std::string("scb::") + who + ": need lambda >= 0, got " +
                                lambda.str());
}

} // namespace

matrix<rational> soft_threshold(const matrix<rational>& x, const rational& lambda) {
    check_lambda("soft_threshold", lambda);
    matrix<rational> a = x;
    for (Index i = 0; i < x.rows(); ++i)
        for (Index j = 0; j < x.cols(); ++j) {
            const rational size = std::max(abs(x(i, j)) - lambda, rational(0));
            a(i, j) = x(i, j).sign() < 0 ? -size : size;
        }
    return a;
}

matrix<rational> prox_affine(const matrix<rational>& z, const rational& lambda) {
    check_lambda("prox_affine", lambda);
    std::vector<rational> at; // breakpoints of nu -> sum S_lambda(z - nu), linear in between
    for (Index t = 0; t < z.rows(); ++t) {
        at.push_back(z(t, 0) - lambda);
        at.push_back(z(t, 0) + lambda);
    }
    std::sort(at.begin(), at.end());
    const auto excess = [&](const rational& nu) {
        return sum_of(soft_threshold(shifted(z, nu), lambda)) - 1;
    };
    const auto solution = [&](const rational& nu) {
        return soft_threshold(shifted(z, nu), lambda);
    };
    const rational T(z.rows()); // the slope outside the breakpoints is -T
    if (excess(at.front()).sign() <= 0) return solution(at.front() + excess(at.front()) / T);
    if (excess(at.back()).sign() >= 0) return solution(at.back() + excess(at.back()) / T);
    std::size_t i = 0;
    while (excess(at[i + 1]).sign() > 0)
        ++i;
    const rational before = excess(at[i]), after = excess(at[i + 1]);
    return solution(at[i] + (at[i + 1] - at[i]) * before / (before - after));
}

matrix<rational> prox_by_patterns(const matrix<rational>& z, const rational& lambda) {
    check_lambda("prox_by_patterns", lambda);
    const Index T = z.rows();
    if (T > 8)
        throw std::invalid_argument("scb::prox_by_patterns: need T <= 8, got T = " +
                                    std::to_string(T));
    std::int64_t patterns = 1;
    for (Index t = 0; t < T; ++t)
        patterns *= 3;
    for (std::int64_t code = 0; code < patterns; ++code) {
        std::vector<int> sign; // of each entry
        std::int64_t digits = code;
        for (Index t = 0; t < T; ++t, digits /= 3)
            sign.push_back(static_cast<int>(digits % 3) - 1);
        // On the active entries a = z - nu - sign lambda; they sum to 1.
        rational sum;
        int active = 0;
        for (Index t = 0; t < T; ++t)
            if (const int s = sign[static_cast<std::size_t>(t)]; s != 0) {
                sum += z(t, 0) - s * lambda;
                ++active;
            }
        if (active == 0) continue;
        const rational nu = (sum - 1) / rational(active);
        matrix<rational> a = matrix<rational>::Constant(T, 1, rational(0));
        bool optimal = true;
        for (Index t = 0; t < T; ++t) {
            const int s = sign[static_cast<std::size_t>(t)];
            if (s == 0) {
                optimal = optimal && abs(z(t, 0) - nu) <= lambda;
            } else {
                a(t, 0) = z(t, 0) - nu - s * lambda;
                optimal = optimal && (a(t, 0).sign() == s || a(t, 0).is_zero());
            }
        }
        if (optimal) return a;
    }
    throw std::logic_error("scb::prox_by_patterns: a strictly convex problem has a solution");
}

simplex_point project_simplex(const matrix<rational>& z) {
    std::vector<rational> sorted;
    for (Index t = 0; t < z.rows(); ++t)
        sorted.push_back(z(t, 0));
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    rational sum, theta;
    for (std::size_t n = 0; n < sorted.size(); ++n) { // the last n for which the entry stays > 0
        sum += sorted[n];
        const rational candidate = (sum - 1) / rational(static_cast<std::int64_t>(n + 1));
        if (sorted[n] > candidate) theta = candidate;
    }
    matrix<rational> a = shifted(z, theta);
    for (Index t = 0; t < a.rows(); ++t)
        a(t, 0) = std::max(a(t, 0), rational(0));
    return {a, theta};
}

rational lambda_star(const matrix<rational>& z) {
    rational least = z(0, 0);
    for (Index t = 1; t < z.rows(); ++t)
        least = std::min(least, z(t, 0));
    return std::max(project_simplex(z).theta - least, rational(0)) / rational(2);
}

matrix<rational> l1_step(const matrix<rational>& a, const matrix<rational>& q, const rational& C,
                         const rational& W, const rational& lambda, const rational& eta) {
    matrix<rational> g = a;
    for (Index t = 0; t < a.rows(); ++t)
        g(t, 0) = W * a(t, 0) - C * q(t, 0);
    const rational mean = sum_of(g) / rational(a.rows());
    matrix<rational> moved = a;
    for (Index t = 0; t < a.rows(); ++t)
        moved(t, 0) = a(t, 0) - eta * (g(t, 0) - mean);
    return soft_threshold(moved, eta * lambda);
}

void check_l1_column(const arguments& at) {
    const auto& q = at.at("q");
    if (q.cols() != 1)
        throw std::invalid_argument("scb: q must be a column T x 1, got " +
                                    std::to_string(q.rows()) + " x " + std::to_string(q.cols()));
    for (Index t = 0; t < q.rows(); ++t)
        if (q(t, 0).sign() < 0)
            throw std::invalid_argument("scb: q must have no negative entry, entry " +
                                        std::to_string(t + 1) + " is " + q(t, 0).str());
    if (sum_of(q) != rational(1))
        throw std::invalid_argument("scb: q must sum to 1, its sum is " + sum_of(q).str());
    try {
        l1_fixed_point(q, at.scalar("C"), at.scalar("W"), at.scalar("lambda"));
    } catch (const std::domain_error& e) {
        throw std::invalid_argument(e.what());
    }
}

matrix<rational> l1_fixed_point(const matrix<rational>& q, const rational& C, const rational& W,
                                const rational& lambda) {
    check_lambda("l1_fixed_point", lambda);
    const rational T(q.rows());
    rational Qs, least(1);
    for (Index t = 0; t < q.rows(); ++t)
        if (q(t, 0).sign() > 0) {
            Qs += 1;
            least = std::min(least, q(t, 0));
        }
    if (W.sign() <= 0 || T < Qs + Qs)
        throw std::domain_error("scb::l1_fixed_point: need W > 0 and T >= 2 Qs, got W = " +
                                W.str() + ", T = " + T.str() + ", Qs = " + Qs.str());
    const rational shift = lambda * T / (T - Qs);
    if (shift > C * least)
        throw std::domain_error("scb::l1_fixed_point: need lambda T / (T - Qs) <= C min q, got " +
                                shift.str() + " > " + (C * least).str());
    matrix<rational> a = matrix<rational>::Constant(q.rows(), 1, rational(0));
    for (Index t = 0; t < q.rows(); ++t)
        if (q(t, 0).sign() > 0) a(t, 0) = (C * q(t, 0) - shift) / W;
    return a;
}

} // namespace flowproof::scb
