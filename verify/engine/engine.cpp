#include "verify/engine/engine.hpp"

#include <exception>

#include "numerics/interval/self_test.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof {

namespace {

struct dispatch {
    const engine_context& context;
    decision operator()(const identity& i) const { return engine::decide_identity(i, context); }
    decision operator()(const exact_equal& e) const {
        return engine::decide_exact_equal(e, context);
    }
    decision operator()(const enclosure& e) const { return engine::decide_enclosure(e, context); }
    decision operator()(const numeric& n) const { return engine::decide_numeric(n, context); }
    decision operator()(const flow_table& f) const {
        return f.enclosed ? engine::decide_flow_table_enclosed(f, context)
                          : engine::decide_flow_table(f, context);
    }
    decision operator()(const sample& s) const { return engine::decide_sample(s, context); }
    decision operator()(const scaling& s) const { return engine::decide_scaling(s, context); }
    decision operator()(const all_of& a) const { return engine::decide_all_of(a, context); }
    decision operator()(const sign_on_box& s) const {
        return engine::decide_sign_on_box(s, context);
    }
    decision operator()(const zeros_in_box& z) const {
        return engine::decide_zeros_in_box(z, context);
    }
    decision operator()(const flow_on_box& f) const {
        return engine::decide_flow_on_box(f, context);
    }
    decision operator()(const real_roots& r) const { return engine::decide_real_roots(r, context); }
    decision operator()(const definite_matrices& m) const {
        return engine::decide_definite_matrices(m, context);
    }
    decision operator()(const sum_of_squares& s) const {
        return engine::decide_sum_of_squares(s, context);
    }
};

bool rigorous(outcome o) {
    return o == outcome::proved || o == outcome::certified || o == outcome::refuted;
}

decision broken(const obligation& what, const std::string& message) {
    certificate proof;
    proof.kind = kind(what);
    return {verdict::broken(message), std::move(proof)};
}

} // namespace

decision decide(const obligation& what, const engine_context& context) {
    const kept_float_environment keep;
    try {
        look(context);
        decision result = std::visit(dispatch{context}, what.is);
        // Asked again: a closure may have changed how this thread rounds.
        if (rigorous(result.result.result()) &&
            !(context.rounding_trusted && rounding_self_test().passed)) {
            result.result =
                verdict::undecided("rounding self-test failed",
                                   "run where doubles round to nearest, subnormals included; the "
                                   "record says what the self-test saw",
                                   result.result.grounds());
            result.proof.covers.reset();
        }
        return result;
    } catch (const interrupted&) {
        throw;
    } catch (const std::exception& e) {
        return broken(what, e.what());
    } catch (...) {
        return broken(what, "an exception that is not a std::exception");
    }
}

} // namespace flowproof
