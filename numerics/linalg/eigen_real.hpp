#pragma once
// Heavy, like real.hpp: for .cpp files that hand matrices of 50 or 100 digits to Eigen.

#include <Eigen/Core>
#include <limits>

#include "numerics/scalar/real.hpp"

namespace flowproof::detail {
/// What Eigen wants to know of our reals. Boost 1.74 lacks infinity and quiet_NaN, which the
/// eigensolvers need, and takes the least positive number for the lowest one.
template <class R> struct real_num_traits {
    using Real = R;
    using NonInteger = R;
    using Literal = double;
    using Nested = R;
    enum {
        IsComplex = 0,
        IsInteger = 0,
        IsSigned = 1,
        RequireInitialization = 1,
        ReadCost = 1,
        AddCost = 4,
        MulCost = 8
    };
    static R epsilon() { return std::numeric_limits<R>::epsilon(); }
    static R dummy_precision() { return 1000 * epsilon(); }
    static R highest() { return std::numeric_limits<R>::max(); }
    static R lowest() { return std::numeric_limits<R>::lowest(); }
    static R infinity() { return std::numeric_limits<R>::infinity(); }
    static R quiet_NaN() { return std::numeric_limits<R>::quiet_NaN(); }
    static int digits10() { return std::numeric_limits<R>::digits10; }
};
} // namespace flowproof::detail

namespace Eigen {
template <>
struct NumTraits<flowproof::real50> : flowproof::detail::real_num_traits<flowproof::real50> {};
template <>
struct NumTraits<flowproof::real100> : flowproof::detail::real_num_traits<flowproof::real100> {};
} // namespace Eigen
