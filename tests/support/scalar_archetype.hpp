#pragma once

#include "numerics/scalar/concept.hpp"

namespace flowproof::support {

/// The least that each rung of the ladder may offer: no order by operators, no default
/// constructor, no conversion from or to built-in numbers, results of the same type only. What
/// compiles with an archetype asks for nothing beyond its rung. Declared, never defined: files that
/// use them are compiled and not linked.
#define FLOWPROOF_RING(type)                                                                       \
    type() = delete;                                                                               \
    friend type operator+(const type&, const type&);                                               \
    friend type operator-(const type&, const type&);                                               \
    friend type operator*(const type&, const type&);                                               \
    friend type operator-(const type&);                                                            \
    template <std::same_as<int> N> friend type operator+(const type&, N);                          \
    template <std::same_as<int> N> friend type operator+(N, const type&);                          \
    template <std::same_as<int> N> friend type operator-(const type&, N);                          \
    template <std::same_as<int> N> friend type operator-(N, const type&);                          \
    template <std::same_as<int> N> friend type operator*(const type&, N);                          \
    template <std::same_as<int> N> friend type operator*(N, const type&);
#define FLOWPROOF_FIELD(type)                                                                      \
    FLOWPROOF_RING(type)                                                                           \
    friend type operator/(const type&, const type&);                                               \
    template <std::same_as<int> N> friend type operator/(const type&, N);                          \
    template <std::same_as<int> N> friend type operator/(N, const type&);                          \
    friend type operator+(const type&, const rational&);                                           \
    friend type operator+(const rational&, const type&);                                           \
    friend type operator-(const type&, const rational&);                                           \
    friend type operator-(const rational&, const type&);                                           \
    friend type operator*(const type&, const rational&);                                           \
    friend type operator*(const rational&, const type&);                                           \
    friend type operator/(const type&, const rational&);                                           \
    friend type operator/(const rational&, const type&);

class ring_archetype {
public:
    FLOWPROOF_RING(ring_archetype)
};

class field_archetype {
public:
    FLOWPROOF_FIELD(field_archetype)
};

class ordered_archetype {
public:
    FLOWPROOF_FIELD(ordered_archetype)
    friend truth less(const ordered_archetype&, const ordered_archetype&);
};

class elementary_archetype {
public:
    FLOWPROOF_FIELD(elementary_archetype)
    friend elementary_archetype sqrt(const elementary_archetype&);
    friend elementary_archetype exp(const elementary_archetype&);
    friend elementary_archetype log(const elementary_archetype&);
    friend elementary_archetype sin(const elementary_archetype&);
    friend elementary_archetype cos(const elementary_archetype&);
};

#undef FLOWPROOF_FIELD
#undef FLOWPROOF_RING

static_assert(ring<ring_archetype> && !field<ring_archetype>);
static_assert(field<field_archetype> && !ordered<field_archetype> && !elementary<field_archetype>);
static_assert(ordered<ordered_archetype> && !elementary<ordered_archetype>);
static_assert(elementary<elementary_archetype> && !ordered<elementary_archetype>);

} // namespace flowproof::support

namespace flowproof {
template <> struct embed<support::ring_archetype> {
    support::ring_archetype operator()(const rational& q) const;
};
template <> struct embed<support::field_archetype> {
    support::field_archetype operator()(const rational& q) const;
};
template <> struct embed<support::ordered_archetype> {
    support::ordered_archetype operator()(const rational& q) const;
};
template <> struct embed<support::elementary_archetype> {
    support::elementary_archetype operator()(const rational& q) const;
    support::elementary_archetype pi() const;
};
} // namespace flowproof
