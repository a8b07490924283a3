#pragma once

#include <Eigen/Core>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/expr.hpp"
#include "numerics/scalar/rational.hpp"

namespace Eigen {
template <> struct NumTraits<flowproof::rational> : GenericNumTraits<flowproof::rational> {
    using Real = flowproof::rational;
    using NonInteger = flowproof::rational;
    using Nested = flowproof::rational;
    enum {
        IsInteger = 0,
        IsSigned = 1,
        IsComplex = 0,
        RequireInitialization = 1,
        ReadCost = 4,
        AddCost = 40,
        MulCost = 40
    };
};
template <> struct NumTraits<flowproof::ball> : GenericNumTraits<flowproof::ball> {
    using Real = flowproof::ball;
    using NonInteger = flowproof::ball;
    using Nested = flowproof::ball;
    enum {
        IsInteger = 0,
        IsSigned = 1,
        IsComplex = 0,
        RequireInitialization = 1,
        ReadCost = 4,
        AddCost = 40,
        MulCost = 40
    };
};
template <> struct NumTraits<flowproof::expr> : GenericNumTraits<flowproof::expr> {
    using Real = flowproof::expr;
    using NonInteger = flowproof::expr;
    using Nested = flowproof::expr;
    enum {
        IsInteger = 0,
        IsSigned = 1,
        IsComplex = 0,
        RequireInitialization = 1,
        ReadCost = 4,
        AddCost = 40,
        MulCost = 40
    };
};
} // namespace Eigen

namespace flowproof {
template <class T> using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
} // namespace flowproof
