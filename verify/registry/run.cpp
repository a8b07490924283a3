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
#include <set>
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
#include "verify/registry/figures.hpp"
#include "verify/registry/select.hpp"
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

// --- what is run ---------------------------------------------------------------------------------

const claim* find_claim(const std::vector<paper>& papers, const std::string& id,
                        const paper** home) {
    for (const paper& p : papers)
        for (const claim& c : p.claims)
            if (c.id == id) {
                *home = &p;
                return &c;
            }
    return nullptr;
}

struct planned {
    selected_claim which;
    bool selected; ///< asked for; otherwise only somebody's control
};

/// The selected claims and their controls, in registry order.
std::vector<planned> plan(const std::vector<paper>& papers,
                          const std::vector<selected_claim>& selected) {
    std::set<const claim*> asked, controls;
    for (const selected_claim& s : selected) {
        asked.insert(s.what);
        const paper* home = nullptr;
        if (!s.what->control.empty())
            if (const claim* control = find_claim(papers, s.what->control, &home))
                controls.insert(control);
    }
    std::vector<planned> result;
    for (const paper& p : papers)
        for (const claim& c : p.claims)
            if (asked.count(&c) + controls.count(&c) > 0)
                result.push_back({{&p, &c}, asked.count(&c) > 0});
    return result;
}

/// The experiment that a sampled obligation draws from; nullptr for others.
const std::string* experiment_of(const obligation& o) {
    if (const auto* s = std::get_if<sample>(&o.is)) return &s->experiment;
    if (const auto* s = std::get_if<scaling>(&o.is)) return &s->experiment;
    return nullptr;
}

/// Names that --set may use for an obligation: its parameters, the matrix V for V[1,2], and the
/// parameters of the experiments it samples.
void add_settable(const obligation& o, const paper& from, std::set<std::string>& names) {
    for (const parameter& p : settable(o)) {
        names.insert(p.name);
        names.insert(p.name.substr(0, p.name.find('[')));
    }
    if (const std::string* id = experiment_of(o)) {
        for (const experiment& e : from.experiments)
            if (e.id == *id)
                for (const parameter& p : e.parameters)
                    names.insert(p.name);
    } else if (const auto* a = std::get_if<all_of>(&o.is)) {
        for (const lemma& l : a->lemmas)
            if (l.statement != nullptr) add_settable(*l.statement, from, names);
    }
}

void check_set(const std::vector<selected_claim>& selected, const arguments& set) {
    if (set.all().empty()) return;
    std::set<std::string> names;
    for (const selected_claim& s : selected)
        add_settable(s.what->shown_by, *s.from, names);
    for (const auto& [name, value] : set.all()) {
        if (names.count(name) > 0) continue;
        std::string known;
        for (const std::string& n : names)
            known += (known.empty() ? "" : ", ") + n;
        throw std::invalid_argument("--set " + name + ": no selected claim has this parameter (" +
                                    (known.empty() ? "they have none" : "they have " + known) +
                                    ")");
    }
}

/// What makes a claim unfit to be decided; empty if nothing does.
std::string malformed(const claim& c, const std::vector<paper>& papers) {
    const auto* composite_proof = std::get_if<all_of>(&c.shown_by.is);
    for (const twin& t : c.twins) {
        std::string_view wanted = kind(c.shown_by);
        if (composite_proof != nullptr) {
            const auto& lemmas = composite_proof->lemmas;
            const auto it = std::find_if(lemmas.begin(), lemmas.end(),
                                         [&](const lemma& l) { return l.name == t.replaces; });
            if (it == lemmas.end() || it->statement == nullptr)
                return "twin \"" + t.name + "\" replaces the lemma \"" + t.replaces +
                       "\", which the claim does not have";
            wanted = kind(*it->statement);
        }
        if (kind(t.statement) != wanted)
            return fmt::format("twin \"{}\" is of the kind {}, it must be of the kind {}", t.name,
                               kind(t.statement), wanted);
    }
    if (c.expected == outcome::error || c.expected == outcome::not_run)
        return fmt::format("the outcome \"{}\" cannot be expected", name(c.expected));
    std::size_t namesakes = 0;
    for (const paper& p : papers)
        for (const claim& other : p.claims)
            namesakes += other.id == c.id ? 1 : 0;
    if (namesakes > 1) return fmt::format("{} claims have this id", namesakes);
    if (falls(c.expected) && c.control.empty())
        return "a claim that is expected to fall needs a control, the corrected claim";
    if (!c.control.empty()) {
        if (!falls(c.expected))
            return "a control belongs to a claim that is expected to fall, this one shall be " +
                   std::string(name(c.expected));
        const paper* home = nullptr;
        if (c.control == c.id) return "a claim cannot be its own control";
        const claim* control = find_claim(papers, c.control, &home);
        if (control == nullptr) return "the control " + c.control + " is not a claim of any paper";
        if (!control->control.empty())
            return "the control " + c.control + " needs a control itself";
    }
    return {};
}

// --- one claim -----------------------------------------------------------------------------------

std::string source_line(const source& s) {
    std::string line = s.paper;
    for (const std::string& part : {s.version, s.place})
        if (!part.empty()) line += (line.empty() ? "" : ", ") + part;
    return line;
}

claim_record describe(const planned& p) {
    const claim& c = *p.which.what;
    claim_record r;
    r.id = c.id;
    r.paper = p.which.from->id;
    r.statement = c.statement;
    r.latex = c.latex;
    r.hypotheses = c.hypotheses;
    r.source = source_line(c.from);
    r.method = c.method;
    r.kind = kind(c.shown_by);
    r.given = c.given;
    r.expected = c.expected;
    r.quantities = c.quantities;
    r.control = c.control;
    r.figures = c.figures;
    r.proof.kind = r.kind;
    return r;
}

void conclude(claim_record& r, const verdict& v) {
    r.result = v.result();
    r.summary = v.summary();
    r.reason = v.reason();
    r.cure = v.cure();
    r.grounds = v.grounds();
}

void not_run(claim_record& r, std::string reason, std::string cure) {
    r.result = outcome::not_run;
    r.summary = r.reason = std::move(reason);
    r.cure = std::move(cure);
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

/// Twins first: a check that cannot tell true from false has nothing to say of the claim.
verdict weighed(const verdict& own, const std::vector<twin_record>& twins) {
    std::string survivors;
    for (const twin_record& t : twins)
        if (!t.rejected)
            survivors += (survivors.empty() ? "" : ", ") + ("\"" + t.name + "\" (" + t.result) +
                         ", must be " + t.expected + ")";
    if (survivors.empty() || own.result() == outcome::error) return own;
    return verdict::undecided("the check does not reject its twin " + survivors +
                                  "; alone it says " + std::string(name(own.result())),
                              "a check that tells the claim from its twin", own.grounds());
}

void conclude_claim(pending& p, const claim& c) {
    claim_record& r = p.record;
    for (const double s : p.seconds)
        r.seconds += s;
    if (std::any_of(p.decided.begin(), p.decided.end(), [](const auto& d) { return !d; }))
        return not_run(r, "interrupted", "run it again");
    std::string rejected;
    for (std::size_t k = 0; k < c.twins.size(); ++k) {
        const verdict& v = p.decided[k + 1]->result;
        const outcome wanted = rejection(c.twins[k].statement);
        r.twins.push_back({c.twins[k].name, std::string(name(wanted)),
                           std::string(name(v.result())), v.result() == wanted, v.summary(),
                           v.grounds()});
        if (r.twins.back().rejected) rejected += (rejected.empty() ? "" : ", ") + c.twins[k].name;
    }
    verdict own = p.decided[0]->result;
    r.proof = std::move(p.decided[0]->proof);
    if (!rejected.empty()) r.proof.control = "twins rejected: " + rejected;
    if (c.twins.empty() && c.control.empty() && own.result() != outcome::error)
        own = verdict::undecided("nothing shows that the check can tell true from false",
                                 "a false twin or a control", own.grounds());
    conclude(r, weighed(own, r.twins));
}

/// A claim that is expected to fall says something only beside its corrected form, which holds.
void weigh_control(claim_record& r, const claim_record& control) {
    if (control.result == outcome::not_run && r.result != outcome::error) {
        r.grounds = {};
        r.twins.clear();
        r.proof = {};
        r.proof.kind = r.kind;
        return not_run(r, "its control " + control.id + " is not run: " + control.reason,
                       control.cure);
    }
    const std::string state = control.id + " is " + std::string(name(control.result));
    r.proof.control += (r.proof.control.empty() ? "control: " : "; control: ") + state;
    if (r.result == outcome::not_run || r.result == outcome::error || holds(control.result)) return;
    conclude(r, verdict::undecided("its control does not hold: " + state + "; alone it is " +
                                       std::string(name(r.result)),
                                   "a control that holds; see " + control.id, r.grounds));
}

// --- the run -------------------------------------------------------------------------------------

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
        conclude_claim(p, c);
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

// --- provenance ----------------------------------------------------------------------------------

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
