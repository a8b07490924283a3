// recheck: the certificates of a record, validated by the separate checker.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <tbb/parallel_for.h>

#include "verify/check/check.hpp"
#include "verify/cli/commands.hpp"
#include "verify/cli/console.hpp"
#include "verify/cli/produce.hpp"
#include "verify/cli/progress.hpp"

namespace flowproof::cli {

namespace {

using entry = std::pair<std::string, std::string>;

bool is_tape(const std::string& text) { return text.starts_with("flowproof-tape "); }

/// May a certificate of this kind stand under a claim of that kind?
bool fits(const std::string& claim, const std::string& text) {
    if (claim == "certificate")
        return text == "real_roots" || text == "definite" || text == "sum_of_squares";
    return claim == text || claim == "all_of";
}

/// "LEMMA: " of the entry "LEMMA: NAME"; nothing outside of lemmas.
std::string lemma_of(const std::string& name) {
    const auto colon = name.rfind(": ");
    return colon == std::string::npos ? "" : name.substr(0, colon + 2);
}

/// Why a valid certificate is not one of this claim: empty if it may be. Tapes that the record
/// names beside it, in the same lemma, must be those of the certificate.
std::string foreign(const certificate& proof, const entry& text, const check::verdict& found) {
    if (!fits(proof.kind, found.kind))
        return fmt::format("it proves a statement of kind {}, the claim is of kind {}", found.kind,
                           proof.kind);
    const std::string lemma = lemma_of(text.first);
    bool fingerprint_found = !is_tape(proof.fingerprint);
    for (const auto& [name, tape] : found.tapes) {
        fingerprint_found = fingerprint_found || tape == proof.fingerprint;
        for (const entry& beside : proof.payload)
            if (beside.first == lemma + name && is_tape(beside.second) && beside.second != tape)
                return fmt::format("its tape {} is not that of the record", name);
    }
    return fingerprint_found ? "" : "the tape that is the claim's fingerprint is not in it";
}

/// One line about the certificates of a claim.
struct rechecked {
    std::size_t valid = 0, invalid = 0;
    double seconds = 0;
    std::vector<std::string> reasons;
};

rechecked recheck(const claim_record& claim) {
    rechecked result;
    const auto start = std::chrono::steady_clock::now();
    const auto count = [&](const std::string& name, const std::string& why) {
        ++(why.empty() ? result.valid : result.invalid);
        if (!why.empty()) result.reasons.push_back(fmt::format("{}: {}", name, why));
    };
    std::map<std::string, std::vector<std::string>> of_cells; // by lemma
    std::vector<const entry*> texts;
    for (const entry& text : claim.proof.payload)
        if (check::is_certificate(text.second)) texts.push_back(&text);
    std::vector<check::verdict> verdicts(texts.size());
    tbb::parallel_for(std::size_t{0}, texts.size(), [&](std::size_t i) {
        verdicts[i] = check::validate(texts[i]->second, {.stop = &stop_requested});
    });
    for (std::size_t i = 0; i < texts.size() && !stop_requested; ++i) {
        const entry& text = *texts[i];
        const check::verdict& found = verdicts[i];
        std::string why = found.reason;
        if (found.is == check::verdict::answer::valid) why = foreign(claim.proof, text, found);
        if (found.is == check::verdict::answer::unreadable) why = "cannot be read: " + why;
        if (found.kind == "zeros_in_box") of_cells[lemma_of(text.first)].push_back(text.second);
        count(text.first, why);
    }
    // A claim over a box of parameters rests on all of its cells.
    const bool stands = claim.result == outcome::proved || claim.result == outcome::certified;
    for (const auto& [lemma, parts] : of_cells) {
        const auto cells =
            std::find_if(claim.proof.payload.begin(), claim.proof.payload.end(),
                         [name = lemma + "cells"](const entry& e) { return e.first == name; });
        if (cells != claim.proof.payload.end()) {
            const auto found =
                check::validate_cells(cells->second, parts, {.stop = &stop_requested});
            count(cells->first, found.reason);
        } else if (stands && parts.size() > 1) {
            count(lemma + "cells", "the entry is missing that says how the cells fill the box");
        }
    }
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace

int recheck_command(const recheck_options& options) {
    const std::filesystem::path& folder = options.folder.empty() ? options.run : options.folder;
    const run_record record = record_of(folder);
    std::vector<const claim_record*> wanted;
    std::map<std::string, std::size_t> without;
    std::size_t width = 5;
    for (const claim_record& c : record.claims) {
        const auto& payload = c.proof.payload;
        if (std::any_of(payload.begin(), payload.end(),
                        [](const entry& e) { return check::is_certificate(e.second); })) {
            wanted.push_back(&c);
            width = std::max(width, c.id.size());
        } else {
            ++without[c.kind.empty() ? "no kind" : c.kind];
        }
    }

    watch_interrupts("\nstopping (Ctrl-C again ends at once)\n");
    const bool shows = error_is_terminal();
    const std::size_t columns = standard_output().width;
    std::size_t valid = 0, invalid = 0;
    if (!wanted.empty())
        fmt::print("{:<{}}  {:>5}  {:>7}  {:>8}\n", "claim", width, "valid", "invalid", "seconds");
    for (std::size_t i = 0; i < wanted.size() && !stop_requested; ++i) {
        std::fflush(stdout);
        if (shows) fmt::print(stderr, "[{}/{}] {}\r", i + 1, wanted.size(), wanted[i]->id);
        const rechecked r = recheck(*wanted[i]);
        if (shows) fmt::print(stderr, "\r{}\r", std::string(wanted[i]->id.size() + 24, ' '));
        if (stop_requested) break;
        fmt::print("{:<{}}  {:>5}  {:>7}  {:>8.2f}\n", wanted[i]->id, width, r.valid, r.invalid,
                   r.seconds);
        for (const std::string& why : r.reasons)
            fmt::print("    {}\n", wrapped(why, columns, 4));
        valid += r.valid;
        invalid += r.invalid;
    }
    if (stop_requested) {
        fmt::print(stderr, "interrupted: nothing is written, run recheck again\n");
        return 130;
    }
    fmt::print("{} valid, {} invalid certificates in {}\n", valid, invalid,
               (folder / "results.json").string());
    std::string kinds;
    for (const auto& [kind, count] : without)
        kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, kind);
    if (!kinds.empty())
        fmt::print("{}\n", wrapped("without a certificate that can be checked again: " + kinds,
                                   columns, 4));
    return invalid == 0 ? 0 : 1;
}

} // namespace flowproof::cli
