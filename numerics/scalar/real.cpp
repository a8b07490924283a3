#include "numerics/scalar/real.hpp"

#include <cmath>
#include <stdexcept>

#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

template <class R> rational all_bits(const R& x) {
    if (!isfinite(x)) throw std::domain_error("exactly: need a finite number, got " + x.str());
    // A quotient of more than 2^24 bits is never meant.
    if (x != 0 && std::abs(static_cast<double>(mpfr_get_exp(x.backend().data()))) > 0x1p24)
        throw std::domain_error("exactly: need a size within 2^(+-2^24), got " + x.str(10));
    mpq_t value;
    mpq_init(value);
    mpfr_get_q(value, x.backend().data());
    rational result;
    fmpq_set_mpq(static_cast<fmpq*>(result.raw()), value);
    mpq_clear(value);
    return result;
}

} // namespace

template <fixed_real R> R to_real(const rational& q) {
    mpq_t value;
    mpq_init(value);
    fmpq_get_mpq(value, static_cast<const fmpq*>(q.raw()));
    R result;
    mpfr_set_q(result.backend().data(), value, MPFR_RNDN);
    mpq_clear(value);
    return result;
}
template real50 to_real<real50>(const rational&);
template real100 to_real<real100>(const rational&);

rational exactly(const real50& x) { return all_bits(x); }
rational exactly(const real100& x) { return all_bits(x); }

} // namespace flowproof
