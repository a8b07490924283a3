#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "verify/result/certificate.hpp"
#include "verify/result/verdict.hpp"

namespace flowproof {

/// How a run was made. Wall time and the moment are volatile; everything else is compared.
struct run_info {
    std::string version, commit, compiler, flags, instruction_set;
    std::vector<std::pair<std::string, std::string>> libraries;
    std::string profile;
    int digits = 0; ///< relative accuracy asked of numeric results
    std::uint64_t seed = 0;
    int threads = 0;         ///< volatile: results do not depend on it
    double wall_seconds = 0; ///< volatile
    std::string started;     ///< volatile: ISO 8601, UTC
    bool interrupted = false;
    std::string rounding_self_test; ///< "passed" or what failed
    std::vector<std::pair<std::string, std::string>>
        error_budget; ///< paper id -> sum of the levels of its sample claims
    std::vector<std::pair<std::string, std::string>> inputs; ///< file -> hash of its contents
    bindings set;                                            ///< --set of this run
};

struct twin_record {
    std::string name;
    std::string expected; ///< "refuted" or "contradicted"
    std::string result;   ///< an outcome's name
    bool rejected = false;
    std::string summary;
    evidence grounds;
};

struct claim_record {
    std::string id, paper, statement, latex;
    std::vector<std::string> hypotheses;
    std::string source;
    std::string method;
    std::string kind; ///< of the obligation
    std::vector<std::string> given;
    outcome result = outcome::not_run;
    outcome expected = outcome::undecided;
    std::string summary, reason, cure;
    evidence grounds;
    certificate proof;
    std::vector<std::string> quantities;
    std::vector<twin_record> twins;
    std::string control;
    double seconds = 0; ///< volatile
    std::vector<std::string> figures;
};

/// Evaluated data of one layer of a figure; numbers are decimal text.
struct layer_series {
    std::string draw; ///< "surface", "curve", "points", "band", "field", "tube", "boxes"
    std::string label, quantity;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::size_t panel = 0;
    bool as_points = false; ///< a curve that is not joined
    std::string verdict{};  ///< boxes: "proved" (positive), "refuted" (negative) or "undecided"
};

/// How an axis is drawn.
struct axis_series {
    std::string label;
    bool logarithmic = false;
    std::string low{}, high{}; ///< range; empty: left to the data
};

struct figure_series {
    std::string id, title, claim;
    axis_series x;
    std::vector<axis_series> panels; ///< y axes, top to bottom; one at least
    std::vector<layer_series> layers;
    std::string error; ///< why it could not be evaluated; empty if it could
};

/// The record of a run: everything that reports and figures need.
struct run_record {
    static constexpr int schema = 3;
    run_info run;
    std::vector<claim_record> claims;
    std::vector<figure_series> series;
};

/// @param volatile_fields  false leaves out times, thread count and the like: what is left is equal
///                         for equal runs, byte for byte.
std::string to_json(const run_record& record, bool volatile_fields = true);
/// @throws std::invalid_argument for broken JSON, another schema version or a missing field, naming
/// it.
run_record from_json(const std::string& text);

/// Reads DIR/results.json. @throws std::runtime_error if there is none, std::invalid_argument as
/// from_json.
run_record read_record(const std::filesystem::path& run_folder);
/// Writes DIR/results.json by rename; creates DIR. @throws std::runtime_error naming path and
/// cause.
void write_record(const run_record& record, const std::filesystem::path& run_folder);

/// The first that applies: 4 some claim is `error`, 1 some claim went against its expectation, 2
/// some claim came out weaker than expected, 130 interrupted, 0. Claims not run do not count. (3
/// is misuse and decided elsewhere.)
int exit_status(const run_record& record);

enum class comparison { as_expected, stronger, weaker, against };
/// How an outcome compares with the claim's expectation. proved > certified > supported; refuted >
/// contradicted; undecided, error and not_run are weaker than anything else expected. An expected
/// `undecided` that is settled is stronger where the statement stands, against where it falls.
/// @throws std::invalid_argument if error or not_run is expected.
comparison compare(outcome result, outcome expected);

} // namespace flowproof
