#include "numerics/box/sign.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include "numerics/box/sign_judge.hpp"

namespace flowproof {

namespace {

using step = sign_step;

/// A part that is not decided yet, and its node of the tree.
struct cell {
    sign_part part;
    std::size_t node;
};

class search {
public:
    search(const sign_statement& what, const sign_options& options)
        : options_(options), judge_(what) {}

    sign_answer run() {
        sign_answer answer;
        std::vector<cell> level{{judge_.whole(), 0}};
        nodes_.push_back({});
        std::size_t looked_at = 0;
        for (int depth = 0; !level.empty(); ++depth) {
            if (stopped() || looked_at + level.size() > options_.parts)
                return open(std::move(answer), level.front());
            looked_at += level.size();
            answer.depth = depth;
            const std::vector<step> steps = look_at(level, depth == 0);
            for (const step& s : steps)
                if (s.fails) {
                    answer.is = sign_answer::kind::fails;
                    answer.output = s.fails->output;
                    answer.point = s.fails->point;
                    answer.value = s.fails->value;
                    return answer;
                }
            std::vector<cell> next;
            for (std::size_t i = 0; i < level.size(); ++i) {
                const step& s = steps[i];
                nodes_[level[i].node].is = s.is;
                if (s.is == step::kind::stuck) return open(std::move(answer), level[i]);
                if (s.is != step::kind::halve) {
                    ++answer.leaves;
                    answer.outside += s.is == step::kind::outside ? 1 : 0;
                    continue;
                }
                nodes_[level[i].node].side = static_cast<std::uint32_t>(s.side);
                nodes_[level[i].node].first = nodes_.size();
                for (int which = 0; which < 2; ++which) {
                    cell child{{level[i].part.sides, s.inside}, nodes_.size()};
                    side_part& side = child.part.sides[s.side];
                    side = judge_.box().half(s.side, side, which);
                    nodes_.push_back({});
                    next.push_back(std::move(child));
                }
            }
            level = std::move(next);
        }
        answer.is = sign_answer::kind::holds;
        answer.tree = tree();
        return answer;
    }

private:
    struct tree_node {
        step::kind is = step::kind::stuck;
        std::uint32_t side = 0;
        std::size_t first = 0;
    };

    bool stopped() const {
        return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
    }

    std::vector<step> look_at(const std::vector<cell>& level, bool whole) const {
        std::vector<step> steps(level.size());
        tbb::enumerable_thread_specific<sign_judge::scratch> local(
            [this] { return judge_.make_scratch(); });
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, level.size(), 16),
                          [&](const tbb::blocked_range<std::size_t>& range) {
                              sign_judge::scratch& mine = local.local();
                              for (std::size_t i = range.begin(); i != range.end(); ++i)
                                  if (!stopped())
                                      steps[i] = judge_.look_at(level[i].part, whole, mine);
                          });
        return steps;
    }

    sign_answer open(sign_answer answer, const cell& c) const {
        sign_judge::scratch mine = judge_.make_scratch();
        const step s = judge_.look_at(c.part, false, mine);
        answer.is = sign_answer::kind::open;
        answer.output = s.output;
        answer.undefined = s.undefined;
        answer.value = s.enclosure.str();
        answer.part = judge_.box().exactly(c.part.sides);
        return answer;
    }

    std::string tree() const {
        std::string text;
        std::vector<std::size_t> rest{0};
        while (!rest.empty()) {
            const tree_node& n = nodes_[rest.back()];
            rest.pop_back();
            if (!text.empty()) text += ' ';
            if (n.is == step::kind::halve) {
                text.append("s").append(std::to_string(n.side));
                rest.push_back(n.first + 1);
                rest.push_back(n.first);
            } else {
                text += "oncm"[static_cast<std::size_t>(n.is)];
            }
        }
        return text;
    }

    sign_options options_;
    sign_judge judge_;
    std::vector<tree_node> nodes_;
};

void check(const sign_statement& what) {
    const auto refuse = [](const std::string& rule) {
        throw std::invalid_argument("decide_signs: " + rule);
    };
    if (what.signs.empty() || what.signs.size() != what.value.outputs().size())
        refuse("need one sign an output and one at least, got " +
               std::to_string(what.value.outputs().size()) + " outputs and " +
               std::to_string(what.signs.size()) + " signs");
    if (what.relations.size() != what.domain.outputs().size())
        refuse("need one relation a condition, got " +
               std::to_string(what.domain.outputs().size()) + " conditions and " +
               std::to_string(what.relations.size()) + " relations");
    for (const tape* t : {&what.value, &what.domain})
        for (const std::string& v : t->variables())
            if (std::none_of(what.box.begin(), what.box.end(),
                             [&](const variable_range& s) { return s.variable == v; }))
                refuse("variable " + v + " has no side in the box");
}

} // namespace

sign_answer decide_signs(const sign_statement& what, const sign_options& options) {
    check(what);
    return search(what, options).run();
}

} // namespace flowproof
