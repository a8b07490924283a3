#pragma once

#include <Eigen/Core>

#include "numerics/interval/interval.hpp"

/// Eigen matrices of intervals: sums, products and everything else made of ring operations.
/// Never hand them to a factorisation of Eigen: pivoting asks for an order that intervals lack.
template <> struct Eigen::NumTraits<flowproof::interval<double>> {
    using Real = flowproof::interval<double>;
    using NonInteger = Real;
    using Nested = Real;
    using Literal = Real;
    enum {
        IsComplex = 0,
        IsInteger = 0,
        IsSigned = 1,
        RequireInitialization = 1,
        ReadCost = 2,
        AddCost = 24,
        MulCost = 32
    };
    static Real epsilon() { return Real(std::numeric_limits<double>::epsilon()); }
    static Real dummy_precision() { return Real(0); }
    static Real highest() { return Real(std::numeric_limits<double>::max()); }
    static Real lowest() { return Real(std::numeric_limits<double>::lowest()); }
    static int digits10() { return std::numeric_limits<double>::digits10; }
};
