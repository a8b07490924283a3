#pragma once
// Is what a certificate states true? Decided without its proof, in doubles, by sampling, Newton's
// method, eigenvalues and Runge-Kutta steps: an oracle for certificates that were tampered with.

#include <Eigen/Eigenvalues>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "numerics/linalg/symmetric.hpp"
#include "verify/check/document.hpp"

namespace flowproof::support {

/// double for check::run().
struct plain {
    double x;
    friend plain operator-(plain a) { return {-a.x}; }
    friend plain operator+(plain a, plain b) { return {a.x + b.x}; }
    friend plain operator-(plain a, plain b) { return {a.x - b.x}; }
    friend plain operator*(plain a, plain b) { return {a.x * b.x}; }
    friend plain operator/(plain a, plain b) { return {a.x / b.x}; }
    friend plain power(plain a, std::int64_t n) { return {std::pow(a.x, static_cast<double>(n))}; }
    friend plain sqrt(plain a) { return {std::sqrt(a.x)}; }
    friend plain exp(plain a) { return {std::exp(a.x)}; }
    friend plain log(plain a) { return {std::log(a.x)}; }
    friend plain sin(plain a) { return {std::sin(a.x)}; }
    friend plain cos(plain a) { return {std::cos(a.x)}; }
};
struct in_doubles {
    plain operator()(const rational& q) const { return {q.nearest()}; }
    plain pi() const { return {3.14159265358979323846}; }
};

class certificate_oracle {
public:
    explicit certificate_oracle(const std::string& text)
        : work_({}), text_(text, work_), rng_(20240611) {}

    /// No: the statement is false. Yes: no counterexample was found.
    bool statement_may_be_true() {
        const std::string& kind = text_.kind();
        if (kind == "sign_on_box") return signs();
        if (kind == "zeros_in_box") return zeros();
        if (kind == "real_roots") return roots();
        if (kind == "definite") return definite();
        if (kind == "sum_of_squares") return squares();
        return flow();
    }

private:
    using values = std::map<std::string, double>;
    static constexpr double slack = 1e-7;

    double number(const check::line& l, std::size_t i) { return text_.number(l, i).nearest(); }
    std::vector<double> results(const std::string& tape, const values& at) {
        const check::program& p = text_.tape(tape);
        std::vector<plain> in;
        for (const std::string& v : p.variables)
            in.push_back({at.at(v)});
        const auto all = check::run(p, in, in_doubles{});
        std::vector<double> out;
        for (const std::size_t o : p.outputs)
            out.push_back(all[o].x);
        return out;
    }
    double uniform(double a, double b) {
        return a + (b - a) * std::uniform_real_distribution<double>(0, 1)(rng_);
    }
    values draw(std::initializer_list<std::string_view> sides) {
        values at;
        for (const check::line* l : text_.all(sides))
            at[std::string(l->words[1])] = uniform(number(*l, 2), number(*l, 3));
        return at;
    }
    static bool has(std::string_view sign, double x) {
        if (sign == "positive") return x > -slack;
        if (sign == "nonnegative") return x > -slack;
        return true; // a zero has no measure; see signs()
    }

    bool signs() {
        const check::line& wanted = text_.only("signs");
        std::vector<int> seen(wanted.words.size(), 0);
        for (int k = 0; k < 100; ++k) {
            const values at = draw({"side"});
            bool within = true;
            if (text_.has_tape("domain")) {
                const auto d = results("domain", at);
                for (std::size_t i = 0; i < d.size(); ++i)
                    within =
                        within && (text_.only("relations").words[i + 1] == "nonzero" || d[i] > 0);
            }
            if (!within) continue;
            const auto f = results("value", at);
            for (std::size_t i = 0; i < f.size(); ++i) {
                if (std::isnan(f[i]) || !has(wanted.words[i + 1], f[i])) return false;
                const int s = f[i] > slack ? 1 : f[i] < -slack ? 2 : 0;
                seen[i] |= s;
                if (wanted.words[i + 1] == "nonzero" && seen[i] == 3) return false;
            }
        }
        return true;
    }

    bool zeros() {
        const auto unknowns = text_.all({"unknown"});
        const auto n = static_cast<Eigen::Index>(unknowns.size());
        const values parameters = draw({"parameter"});
        std::vector<Eigen::VectorXd> found;
        for (int k = 0; k < 25; ++k) {
            values at = draw({"unknown"});
            at.insert(parameters.begin(), parameters.end());
            const auto name = [&](Eigen::Index i) {
                return std::string(unknowns[static_cast<std::size_t>(i)]->words[1]);
            };
            Eigen::VectorXd f(n), step(n);
            for (int newton = 0; newton < 25; ++newton) {
                Eigen::MatrixXd jacobian(n, n);
                const auto here = results("system", at);
                for (Eigen::Index j = 0; j < n; ++j) {
                    values aside = at;
                    aside[name(j)] += 1e-7;
                    const auto there = results("system", aside);
                    for (Eigen::Index i = 0; i < n; ++i) {
                        f[i] = here[static_cast<std::size_t>(i)];
                        jacobian(i, j) = (there[static_cast<std::size_t>(i)] - f[i]) / 1e-7;
                    }
                }
                step = jacobian.fullPivLu().solve(f);
                for (Eigen::Index i = 0; i < n; ++i)
                    at[name(i)] -= step[i];
            }
            Eigen::VectorXd x(n);
            bool inside = step.norm() < 1e-9 && f.norm() < 1e-9;
            for (Eigen::Index i = 0; i < n; ++i) {
                const check::line& side = *unknowns[static_cast<std::size_t>(i)];
                x[i] = at[name(i)];
                inside = inside && number(side, 2) < x[i] && x[i] < number(side, 3);
            }
            bool fresh = inside;
            for (const auto& y : found)
                fresh = fresh && (x - y).norm() > 1e-6;
            if (fresh) found.push_back(x);
        }
        return found.size() == text_.count(text_.only("count"), 1, 1000);
    }

    bool roots() {
        const check::line &given = text_.only("polynomial"), &between = text_.only("between");
        const auto n = static_cast<Eigen::Index>(given.words.size()) - 2;
        Eigen::MatrixXd companion = Eigen::MatrixXd::Zero(n, n);
        for (Eigen::Index i = 0; i < n; ++i) {
            if (i > 0) companion(i, i - 1) = 1;
            companion(i, n - 1) = -number(given, static_cast<std::size_t>(i) + 1) /
                                  number(given, static_cast<std::size_t>(n) + 1);
        }
        const double low = text_.is_infinite(between, 1, "-inf") ? -HUGE_VAL : number(between, 1);
        const double high = text_.is_infinite(between, 2, "inf") ? HUGE_VAL : number(between, 2);
        std::size_t least = 0, most = 0;
        const Eigen::VectorXcd z = companion.eigenvalues();
        for (Eigen::Index i = 0; i < n; ++i) {
            const double x = z[i].real(), y = std::abs(z[i].imag());
            const double size = 1e-3 * (1 + std::abs(x)); // multiple roots spread
            bool double_root = false;
            for (Eigen::Index j = 0; j < n; ++j)
                double_root = double_root || (j != i && std::abs(z[i] - z[j]) < size);
            if (y > size || x < low - size || x > high + size) continue;
            ++most;
            if (y == 0 && !double_root && x > low + size && x < high - size) ++least;
        }
        const std::size_t claimed = text_.count(text_.only("count"), 1, 1000);
        return least <= claimed && claimed <= most;
    }

    bool definite() {
        const auto lines = text_.all({"matrix", "row"});
        for (std::size_t i = 0; i < lines.size();) {
            const std::size_t n = text_.count(*lines[i++], 2, 100);
            Eigen::MatrixXd a(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
            for (std::size_t r = 0; r < n; ++r, ++i)
                for (std::size_t c = 0; c < n; ++c)
                    a(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) =
                        number(*lines[i], c + 1);
            if ((a - a.transpose()).norm() > slack * a.norm() ||
                approximate_eigenvalues(a).minCoeff() < -slack * (1 + a.norm()))
                return false;
        }
        return true;
    }

    bool squares() {
        const check::program& p = text_.tape("polynomial");
        const double bound = number(text_.only("lower"), 1);
        values at;
        for (int k = 0; k < 100; ++k) {
            for (const std::string& v : p.variables)
                at[v] = uniform(-3, 3);
            if (results("polynomial", at)[0] < bound - slack) return false;
        }
        if (!text_.has("attained")) return true;
        for (std::size_t i = 0; i < p.variables.size(); ++i)
            at[p.variables[i]] = number(text_.only("attained"), i + 1);
        return std::abs(results("polynomial", at)[0] - bound) < slack * (1 + std::abs(bound));
    }

    bool flow() {
        values at;
        std::vector<std::string> states;
        for (const auto& w : text_.only("states").words)
            states.emplace_back(w);
        states.erase(states.begin());
        for (const check::line* l : text_.all({"parameter"}))
            at[std::string(l->words[1])] = number(*l, 2);
        for (std::size_t i = 0; i < states.size(); ++i)
            at[states[i]] = number(text_.only("start"), i + 1);
        at["t"] = 0;
        double end = 0;
        for (const check::line* l : text_.all({"step"}))
            end += number(*l, 1);
        const bool crossing = text_.has_tape("event");
        if (crossing) {
            const check::line& c = text_.only("crossing");
            const double a = number(c, 1), b = number(c, 2);
            const double side = number(text_.only("side"), 1);
            for (int k = 0; k < 10; ++k) {
                follow(at, states, a / 10);
                if (side * results("event", at)[0] < (k < 9 ? slack : -slack)) return false;
            }
            follow(at, states, b - a);
            if (side * results("event", at)[0] > slack) return false;
        } else {
            follow(at, states, end);
        }
        const auto x = results("observed", at);
        for (const check::line* l : text_.all({"value"})) {
            const double y = x[text_.count(*l, 1, 1000)];
            if (!text_.is_infinite(*l, 2, "-inf") && !(y > number(*l, 2) - slack)) return false;
            if (!text_.is_infinite(*l, 3, "inf") && !(y < number(*l, 3) + slack)) return false;
        }
        return true;
    }
    /// The classical Runge-Kutta method.
    void follow(values& at, const std::vector<std::string>& states, double time) {
        constexpr int steps = 40;
        const double h = time / steps;
        const auto moved = [&](const std::vector<double>& f, double by) {
            values there = at;
            for (std::size_t i = 0; i < states.size(); ++i)
                there[states[i]] += by * f[i];
            return there;
        };
        for (int k = 0; k < steps; ++k) {
            const auto a = results("velocity", at), b = results("velocity", moved(a, h / 2)),
                       c = results("velocity", moved(b, h / 2)),
                       d = results("velocity", moved(c, h));
            for (std::size_t i = 0; i < states.size(); ++i)
                at[states[i]] += h / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
            at["t"] += h;
        }
    }

    check::meter work_;
    check::document text_;
    std::mt19937_64 rng_;
};

inline bool statement_may_be_true(const std::string& text) {
    return certificate_oracle(text).statement_may_be_true();
}

} // namespace flowproof::support
