#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "numerics/ode/enclose.hpp"
#include "numerics/ode/taylor_model.hpp"
#include "numerics/ode/vector_field.hpp"
#include "numerics/scalar/ball.hpp"
#include "verify/engine/flow.hpp"

namespace flowproof {

/// A request whose tapes are checked and put in order once, to be followed at many parameters.
/// @throws std::invalid_argument for tapes that do not fit together.
class followed {
public:
    explicit followed(const flow_value& request);

    /// Of what must be given.
    const std::vector<std::string>& names() const { return names_; }
    /// @throws std::invalid_argument naming the condition unless the domain certainly holds.
    void check_domain(const arguments& at) const;
    /// The same for all parameters of a box at once.
    void check_domain(const std::vector<side>& box) const;

    struct arrival {
        std::vector<ball> observed;  ///< empty or not finite if there is a failure
        std::string failure, cure{}; ///< why the flow did not arrive; else empty
        std::int64_t steps = 0;
    };
    /// In balls, each step to these digits, with a Taylor order so much higher than they need.
    arrival follow(const arguments& at, int digits, int order_more,
                   const flow_budget& budget) const;
    /// As follow, with everything enclosed; the run's polynomials are kept.
    struct enclosed_arrival : arrival {
        rigorous::tube<ball> run{};
        bool exact_end = true; ///< the end time is the run's own end
    };
    enclosed_arrival enclose(const arguments& at, int digits, const flow_budget& budget) const;
    /// Over ranges of some parameters, the others as given, to a fixed time: the solution as a
    /// polynomial in the parameters. @throws std::invalid_argument for a request with an event.
    rigorous::model_tube over_box(const std::vector<side>& box, const arguments& at,
                                  const rational& duration,
                                  const rigorous::box_options& options) const;
    /// `observed` over all states, all parameters and t, as rigorous::observe wants it.
    tape observed() const;
    /// Has the run a certificate? Not if the start or the end time is no exact number, or errors
    /// were carried by frames.
    bool certifiable(const enclosed_arrival& seen) const;
    /// That these outputs lie within these bounds, in the format of verify/check/README.md.
    std::string certificate(const arguments& at, const enclosed_arrival& seen,
                            const std::vector<std::pair<std::size_t, bounds>>& values) const;
    /// As evaluate_along.
    std::vector<std::vector<double>> along(const arguments& at, const std::vector<rational>& times,
                                           const flow_budget& budget) const;

private:
    /// One value per variable of t: states, time, parameters.
    template <class T>
    std::vector<T> values(const tape& t, const arguments& at, const std::vector<T>& state,
                          const T* time, const embed<T>& constants) const;
    ball duration_of(const arguments& at, const embed<ball>& constants) const;
    struct setting {
        std::vector<ball> start, parameters;
        ball duration;
        std::size_t undefined; ///< state whose start is not defined, or their number
    };
    setting setting_at(const arguments& at, const embed<ball>& constants) const;
    void observe(const arguments& at, const std::vector<ball>& state, const ball& time,
                 const embed<ball>& constants, arrival& result) const;

    flow_value request_;
    std::vector<std::string> names_, states_, parameters_;
    tape velocity_, event_; ///< over all states, then the parameters
    std::optional<vector_field> field_;
    bool clock_ = false; ///< the time is a state
};

/// @throws std::invalid_argument naming `what` unless the tape has so many outputs.
void expect_outputs(const tape& t, std::size_t count, const char* what);

} // namespace flowproof
