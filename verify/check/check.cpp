#include "verify/check/check.hpp"

#include <array>
#include <exception>

#include "verify/check/document.hpp"
#include "verify/check/kinds.hpp"

namespace flowproof::check {

namespace {

using answer = verdict::answer;

struct kind {
    std::string_view name;
    std::string (*check)(document&, meter&);
};
constexpr std::array<kind, 6> kinds{{{"sign_on_box", check_sign_on_box},
                                     {"zeros_in_box", check_zeros_in_box},
                                     {"real_roots", check_real_roots},
                                     {"definite", check_definite},
                                     {"sum_of_squares", check_sum_of_squares},
                                     {"flow", check_flow}}};

void check(std::string_view text, const limits& allowed, verdict& result) {
    meter work(allowed);
    document read(text, work);
    for (const kind& k : kinds) {
        if (k.name != read.kind()) continue;
        result.kind = read.kind();
        for (const auto& [name, tape] : read.tape_texts())
            result.tapes.emplace_back(name, tape);
        result.statement = k.check(read, work);
        result.is = answer::valid;
        return;
    }
    unreadable(1, "unknown kind \"" + read.kind().substr(0, 60) + "\"");
}

} // namespace

verdict validate(std::string_view text, const limits& allowed) noexcept {
    verdict result{answer::unreadable, "", "", "", {}};
    try {
        check(text, allowed, result);
    } catch (const refusal& why) {
        result.is = why.is;
        result.reason = why.what();
    } catch (const std::bad_alloc&) {
        result.reason = "needs more memory than there is";
    } catch (const std::exception& e) { // numbers out of the range of rationals or balls
        result.is = answer::invalid;
        result.reason = e.what();
    }
    return result;
}

bool is_certificate(std::string_view text) { return text.starts_with("flowproof-certificate 1"); }

} // namespace flowproof::check
