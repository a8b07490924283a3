#include <fmt/format.h>
#include <optional>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

std::string shape(const matrix<rational>& m) { return fmt::format("{} x {}", m.rows(), m.cols()); }

/// Walks the instances in order and stops at the first that differs.
class comparison_run {
public:
    comparison_run(const exact_equal& what, const engine_context& context)
        : what_(what), context_(context) {
        proof_.kind = "exact_equal";
        proof_.covers = coverage::listed;
    }

    /// False once the sides have differed.
    bool check(const instance& x) {
        look(context_);
        if (what_.check) {
            try {
                what_.check(x.at);
            } catch (const std::invalid_argument& e) {
                throw std::invalid_argument("instance " + x.name + ": " + e.what());
            }
        }
        const matrix<rational> left = what_.left(x.at), right = what_.right(x.at);
        if (left.rows() != right.rows() || left.cols() != right.cols())
            throw std::invalid_argument(
                fmt::format("exact_equal: both sides need the same shape, got {} and {} at {}",
                            shape(left), shape(right), x.name));
        if (left.size() == 0)
            throw std::invalid_argument("exact_equal: nothing to compare at " + x.name);
        const std::string left_text = str(left), right_text = str(right);
        if (!first_) first_ = {x.at, left_text, right_text};
        outputs_.add(x.at.str()).add(left_text).add(right_text);
        add_payload(proof_, "instance " + x.name, x.at.str(), "a declared instance");
        add_payload(proof_, "value " + x.name, left_text, "the left side at this instance");
        for (Eigen::Index i = 0; i < left.rows(); ++i)
            for (Eigen::Index j = 0; j < left.cols(); ++j)
                if (left(i, j) != right(i, j)) {
                    differs_at(x, left, right, i, j);
                    return false;
                }
        ++instances_;
        values_ += static_cast<std::size_t>(left.size());
        return true;
    }

    decision finish() && {
        proof_.fingerprint = outputs_.str();
        if (first_ && (str(what_.left(first_->at)) != first_->left ||
                       str(what_.right(first_->at)) != first_->right))
            throw std::invalid_argument(
                "exact_equal: a side has another value when asked again at " + first_->at.str());
        if (found_) return {verdict::falls(std::move(counterexample_)), std::move(proof_)};
        if (instances_ == 0)
            throw std::invalid_argument(
                "exact_equal: a claim without instances says nothing; list one");
        proof_.domain.push_back(fmt::format("{} listed instances", instances_));
        return {verdict::holds(exact_agreement{instances_, values_}), std::move(proof_)};
    }

private:
    void differs_at(const instance& x, const matrix<rational>& left, const matrix<rational>& right,
                    Eigen::Index i, Eigen::Index j) {
        found_ = true;
        proof_.covers.reset();
        add_payload(proof_, "other value " + x.name, str(right), "the right side there");
        proof_.domain.push_back("instance " + x.name);
        const std::string entry =
            left.size() == 1 ? ""
                             : fmt::format(", first difference at entry [{},{}]", i + 1, j + 1);
        counterexample_ = {x.name + entry, bindings_of(x.at), str(left), str(right)};
    }

    struct seen {
        arguments at;
        std::string left, right;
    };
    const exact_equal& what_;
    const engine_context& context_;
    certificate proof_;
    fnv_hash outputs_;
    std::optional<seen> first_;
    std::size_t instances_ = 0, values_ = 0;
    bool found_ = false;
    counterexample counterexample_;
};

/// The user's instance: the first declared one with --set in place of its values.
instance users_own(const exact_equal& what, const engine_context& context, const arguments& set) {
    if (what.fixed.empty() && !what.random)
        throw std::invalid_argument("exact_equal: no declared instance that --set could change");
    const instance base = what.fixed.empty() ? what.random(context.seed, 0) : what.fixed.front();
    instance result{base.name + " with " + set.str(), base.at.overridden_by(set)};
    check_shapes("exact_equal (--set)", what.parameters, result.at);
    return result;
}

} // namespace

decision decide_exact_equal(const exact_equal& what, const engine_context& context) {
    if (!what.left || !what.right)
        throw std::invalid_argument("exact_equal: both sides need a closure");
    comparison_run run(what, context);
    const arguments set = restricted(context.set, what.parameters);
    if (!set.all().empty()) {
        run.check(users_own(what, context, set));
        return std::move(run).finish();
    }
    for (const instance& x : what.fixed)
        if (!run.check(x)) return std::move(run).finish();
    const std::uint64_t randoms = what.random ? what.random_count * work_factor(context.level) : 0;
    for (std::uint64_t k = 0; k < randoms; ++k)
        if (!run.check(what.random(context.seed, k))) break;
    return std::move(run).finish();
}

} // namespace flowproof::engine
