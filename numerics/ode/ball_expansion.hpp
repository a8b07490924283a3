#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "numerics/ode/integrate.hpp"
#include "numerics/ode/taylor_program.hpp"

namespace flowproof::approx {

/// A solution in midpoints of balls that advances by Taylor steps; `follow` drives it. Members as
/// in double_expansion.
///
/// Nothing carries a radius; coefficients of high order have the digits that a step needs
/// (ball_recurrence).
class ball_expansion {
public:
    ball_expansion(const vector_field& f, const std::vector<ball>& parameters,
                   const std::vector<ball>& start, const ball& duration, int order,
                   std::int64_t bits);
    ~ball_expansion();
    ball_expansion(const ball_expansion&) = delete;
    ball_expansion& operator=(const ball_expansion&) = delete;

    int order() const;
    int resolution() const;
    bool defined() const;
    bool expand();
    double unit() const;
    double reach() const;
    double limit() const;
    void set_unit(double log2_unit);
    double size(int k) const;

    ball left() const;
    double log2_left() const;
    double log2_time() const;
    ball length(double log2_length) const;
    ball half(const ball& h) const;

    std::vector<double> event_polynomial(const ball& h) const;
    ball event_time(const std::vector<double>& polynomial, int zeros, double low, double high,
                    const ball& h) const;

    double move(const ball& h);
    void undo();
    void accept(const ball& h);
    void arrive();

    ball time() const;
    std::vector<ball> state() const;
    taylor_step<ball> step(const ball& length) const;

private:
    struct numbers;
    std::unique_ptr<numbers> n_;
};

/// c_0 + c_1 s + ... + c_n s^n in midpoints.
ball horner(const ball* c, int n, const ball& s, std::int64_t bits);

} // namespace flowproof::approx
