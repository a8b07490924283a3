#include "verify/registry/run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>
#include <tbb/task_scheduler_observer.h>

#include "numerics/interval/self_test.hpp"
#include "numerics/scalar/ball.hpp"
#include "verify/engine/engine.hpp"
#include "verify/engine/support.hpp"
#include "verify/registry/claim_result.hpp"
#include "verify/registry/figures.hpp"
#include "verify/result/build_info.hpp"

namespace flowproof {

namespace {

using clock = std::chrono::steady_clock;

double seconds_since(clock::time_point start) {
    return std::chrono::duration<double>(clock::now() - start).count();
}

bool stopped(const run_options& options) {
    return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

/// One obligation to decide: the claim's own or a twin's.
struct job {
    std::size_t claim;
    std::optional<std::size_t> twin;
};

/// A claim while its jobs run. Every job has its own slot; the one that finishes last concludes.
struct pending {
    claim_record record;
    std::vector<std::optional<decision>> decided; ///< own, then twins; empty where interrupted
    std::vector<double> seconds;
    std::atomic<std::size_t> open{0};
};

/// Frees a worker's number caches when it leaves the pool.
class cache_keeper : public tbb::task_scheduler_observer {
public:
    explicit cache_keeper(tbb::task_arena& arena) : tbb::task_scheduler_observer(arena) {
        observe(true);
    }
    ~cache_keeper() override { observe(false); }
    void on_scheduler_exit(bool worker) override {
        if (worker) release_thread_caches();
    }
};

class runner {
public:
    runner(const std::vector<paper>& papers, const std::vector<planned>& claims,
           const run_options& options, const run_info& info,
           const std::function<void(const progress&)>& tell)
        : papers_(papers), claims_(claims), options_(options), info_(info), tell_(tell) {}

    std::vector<claim_record> run(tbb::task_arena& arena) {
        const std::vector<job> jobs = prepare();
        arena.execute([&] {
            tbb::parallel_for(
                std::size_t{0}, jobs.size(), [&](std::size_t i) { run_one(jobs[i]); },
                tbb::simple_partitioner());
        });
        return finish();
    }

private:
    const claim& claim_of(std::size_t i) const { return *claims_[i].which.what; }

    std::vector<job> prepare() {
        std::vector<job> jobs;
        for (std::size_t i = 0; i < claims_.size(); ++i) {
            const claim& c = claim_of(i);
            auto p = std::make_unique<pending>();
            p->record = describe(claims_[i]);
            const std::string fault = malformed(c, papers_);
            if (!fault.empty()) {
                conclude(p->record, verdict::broken("claim " + c.id + ": " + fault));
            } else if (c.at_least > options_.level) {
                not_run(p->record,
                        fmt::format("needs the profile {}, this run is {}", name(c.at_least),
                                    name(options_.level)),
                        fmt::format("--profile {}", name(c.at_least)));
            } else {
                p->decided.resize(c.twins.size() + 1);
                p->seconds.resize(c.twins.size() + 1);
                p->open = c.twins.size() + 1;
                jobs.push_back({i, std::nullopt});
                for (std::size_t k = 0; k < c.twins.size(); ++k)
                    jobs.push_back({i, k});
            }
            pending_.push_back(std::move(p));
        }
        for (std::size_t i = 0; i < claims_.size(); ++i)
            if (pending_[i]->open == 0) told(i);
        return jobs;
    }

    engine_context context_for(const job& j) const {
        const claim& c = claim_of(j.claim);
        engine_context context;
        context.from = claims_[j.claim].which.from;
        context.level = options_.level;
        context.digits = options_.digits;
        context.seed = derived_seed(options_.seed, c.id);
        if (j.twin)
            context.seed = derived_seed(context.seed, c.twins[*j.twin].name);
        else if (claims_[j.claim].selected)
            context.set = options_.set;
        context.stop = options_.stop;
        // The floating-point environment belongs to a thread, so every job asks again.
        context.rounding_trusted = rounding_self_test().passed;
        return context;
    }

    void run_one(const job& j) {
        pending& p = *pending_[j.claim];
        const claim& c = claim_of(j.claim);
        const std::size_t slot = j.twin ? *j.twin + 1 : 0;
        const clock::time_point start = clock::now();
        try {
            p.decided[slot] =
                decide(j.twin ? c.twins[*j.twin].statement : c.shown_by, context_for(j));
        } catch (const interrupted&) { // the slot stays empty
        }
        p.seconds[slot] = seconds_since(start);
        if (p.open.fetch_sub(1) != 1) return;
        for (const double s : p.seconds)
            p.record.seconds += s;
        conclude(p.record, c, p.decided);
        if (c.control.empty()) told(j.claim);
    }

    /// A claim with a control is finished when its control is.
    std::vector<claim_record> finish() {
        for (std::size_t i = 0; i < claims_.size(); ++i) {
            const claim& c = claim_of(i);
            if (c.control.empty() || pending_[i]->decided.empty()) continue;
            const auto it = std::find_if(claims_.begin(), claims_.end(), [&](const planned& p) {
                return p.which.what->id == c.control;
            });
            weigh_control(pending_[i]->record,
                          pending_[static_cast<std::size_t>(it - claims_.begin())]->record);
            told(i);
        }
        std::vector<claim_record> result;
        for (auto& p : pending_)
            result.push_back(std::move(p->record));
        return result;
    }

    void told(std::size_t i) {
        const std::lock_guard lock(telling_);
        ++finished_;
        if (tell_) tell_({finished_, claims_.size(), &pending_[i]->record, &info_});
    }

    const std::vector<paper>& papers_;
    const std::vector<planned>& claims_;
    const run_options& options_;
    const run_info& info_;
    const std::function<void(const progress&)>& tell_;
    std::vector<std::unique_ptr<pending>> pending_;
    std::mutex telling_;
    std::size_t finished_ = 0;
};

std::vector<figure_series> draw(const std::vector<paper>& papers,
                                const std::vector<claim_record>& claims, const run_options& options,
                                tbb::task_arena& arena) {
    const std::vector<const figure*> wanted = figures_of(papers, claims);
    std::vector<figure_series> result(wanted.size());
    arena.execute([&] {
        tbb::parallel_for(
            std::size_t{0}, wanted.size(),
            [&](std::size_t i) {
                if (!stopped(options)) {
                    result[i] = evaluate_figure(papers, *wanted[i], options.seed);
                } else {
                    result[i].id = wanted[i]->id;
                    result[i].title = wanted[i]->title;
                    result[i].claim = wanted[i]->claim;
                    result[i].error = "interrupted";
                }
            },
            tbb::simple_partitioner());
    });
    return result;
}

double levels_spent(const obligation& o) {
    if (const auto* s = std::get_if<sample>(&o.is)) return s->level;
    if (const auto* s = std::get_if<scaling>(&o.is)) return s->level;
    double sum = 0;
    if (const auto* a = std::get_if<all_of>(&o.is))
        for (const lemma& l : a->lemmas)
            if (l.statement != nullptr) sum += levels_spent(*l.statement);
    return sum;
}

std::string now_utc() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

run_info provenance(const std::vector<planned>& claims, const run_options& options) {
    const build_info& build = current_build();
    run_info info;
    info.version = build.version;
    info.commit = build.commit;
    info.compiler = build.compiler;
    info.flags = build.flags;
    info.instruction_set = build.instruction_set;
    info.libraries = build.libraries;
    info.profile = name(options.level);
    info.digits = options.digits;
    info.seed = options.seed;
    info.started = now_utc();
    const rounding_report rounding = rounding_self_test();
    info.rounding_self_test = rounding.passed ? "passed" : rounding.failure;
    const paper* last = nullptr;
    for (const planned& p : claims) {
        if (p.which.from == last) continue;
        last = p.which.from;
        double sum = 0;
        for (const claim& c : last->claims)
            sum += levels_spent(c.shown_by);
        info.error_budget.emplace_back(last->id, fmt::format("{:.6g}", sum));
    }
    info.set = bindings_of(options.set);
    return info;
}

} // namespace

run_record verify_claims(const std::vector<paper>& papers, const std::vector<std::string>& patterns,
                         const run_options& options,
                         const std::function<void(const progress&)>& tell) {
    const clock::time_point start = clock::now();
    if (options.threads < 0 || options.digits < 1)
        throw std::invalid_argument(
            fmt::format("verify: need threads >= 0 and digits >= 1, got threads = {} and digits = "
                        "{}",
                        options.threads, options.digits));
    const std::vector<selected_claim> selected = select_claims(papers, patterns);
    check_set(selected, options.set);
    const std::vector<planned> claims = plan(papers, selected);

    std::optional<tbb::global_control> more_than_cores;
    if (options.threads > 0)
        more_than_cores.emplace(tbb::global_control::max_allowed_parallelism,
                                static_cast<std::size_t>(options.threads));
    tbb::task_arena arena(options.threads == 0 ? tbb::task_arena::automatic : options.threads);
    const cache_keeper keeper(arena);

    run_record record;
    record.run = provenance(claims, options);
    record.run.threads = arena.max_concurrency();
    record.claims = runner(papers, claims, options, record.run, tell).run(arena);
    if (options.figures) record.series = draw(papers, record.claims, options, arena);
    record.run.interrupted = stopped(options);
    record.run.wall_seconds = seconds_since(start);
    return record;
}

} // namespace flowproof
