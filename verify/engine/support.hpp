#pragma once
// What the engines share: fingerprints, budgets, printing.

#include <cfenv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verify/engine/engine.hpp"

namespace flowproof {

/// FNV-1a, 64 bits. For fingerprints and seeds: the same in every build, no defence against
/// forgery.
class fnv_hash {
public:
    fnv_hash& add(std::string_view text); ///< with its length, so that parts do not run together
    fnv_hash& add(std::uint64_t word);
    std::uint64_t value() const { return state_; }
    std::string str() const; ///< "fnv1a64:0123456789abcdef"

private:
    void byte(unsigned char b) { state_ = (state_ ^ b) * 0x100000001b3; }
    std::uint64_t state_ = 0xcbf29ce484222325;
};

/// The seed of a part of a run: a hash of the whole's seed and the part's name, well mixed.
std::uint64_t derived_seed(std::uint64_t seed, std::string_view name);

/// Gives the thread's floating-point environment back as it was found: what a closure does to
/// rounding or subnormals must not reach the next check on this thread.
class kept_float_environment {
public:
    kept_float_environment() { std::fegetenv(&found_); }
    ~kept_float_environment() { std::fesetenv(&found_); }
    kept_float_environment(const kept_float_environment&) = delete;
    kept_float_environment& operator=(const kept_float_environment&) = delete;

private:
    std::fenv_t found_;
};

/// @throws interrupted if the stop flag is set.
void look(const engine_context& context);

/// 1, 10 or 100.
std::uint64_t work_factor(profile p);

/// Appends an entry; text beyond 200 kB is replaced by its size and hash, with the recipe that
/// makes it again, unless it is itself a certificate.
void add_payload(certificate& proof, std::string name, std::string text, std::string_view recipe);

/// A decimal with `digits` significant digits that is <= x, >= x.
std::string decimal_below(const rational& x, int digits);
std::string decimal_above(const rational& x, int digits);
/// "[0.33, 0.34]", rounded outward; "not finite".
std::string printed(const ball& x, int digits);
/// "[1/3, 1/2]", ">= 0", or "0.33 within one unit of its last digit" where that is what they are.
std::string printed(const bounds& b);
/// Does all of [lower, upper] lie within the bounds (yes), none of it (no)?
truth lies_within(const rational& lower, const rational& upper, const bounds& b);
/// Row and column of the entry that a table's row asks of a value of this size.
/// @throws std::invalid_argument if the value has none such, naming engine and row.
std::pair<Eigen::Index, Eigen::Index> place_of(const table_row& row, Eigen::Index rows,
                                               Eigen::Index cols, const std::string& engine);
/// @throws std::invalid_argument for a row whose bounds are empty, naming engine and row.
void check_rows(const std::string& engine, const std::vector<table_row>& rows);

bindings bindings_of(const arguments& at);

/// Those of the values whose names the parameters list.
arguments restricted(const arguments& values, const std::vector<parameter>& parameters);
/// Shapes as declared: "1" takes a single number; in "N x T" a number must match, a name means the
/// same size everywhere (that of the parameter of this name, if there is one). Other shapes are
/// the closure's own business.
/// @throws std::invalid_argument with who, rule and both sizes.
void check_shapes(const std::string& who, const std::vector<parameter>& parameters,
                  const arguments& at);

} // namespace flowproof
