#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "numerics/ode/double_double.hpp"
#include "numerics/ode/enclose.hpp"
#include "numerics/ode/error_frame.hpp"
#include "numerics/ode/series_model.hpp"

namespace flowproof::rigorous {

/// One enclosed integration in doubles. The polynomials start in double_double at the middle of the
/// sets given, so that what an exact start loses in a step is 2^-60 of it; everything else is left
/// to the error_frame.
/// Arguments are kept by reference.
class double_flow {
public:
    double_flow(const vector_field& f, const std::vector<interval<double>>& start,
                const std::vector<interval<double>>& parameters, double duration,
                const flow_options& options);
    tube<interval<double>> run();

private:
    enum class attempt { moved, shorter, undefined };

    double expand();
    double longest_step() const;
    int fine_orders(double length) const;
    double step_to(double h, double& time) const;
    attempt move(double h);
    tube<interval<double>> end(ending why);
    void keep(double h);
    double deviation(std::size_t i) const;

    /// side_unknown, late: to be seen better on a shorter step.
    enum class sight { nothing, side_unknown, late, crossed, unclear };
    sight watch(double h);
    interval<double> moment(double s) const;
    void add_states(double from, double to);

    const taylor_program& program_;
    const flow_options& options_;
    const std::vector<interval<double>>& start_;
    std::size_t n_;
    int order_;
    double duration_, time_ = 0, unit_ = 1;
    std::vector<double_double> state_, next_;
    series_model model_;
    error_frame errors_;
    step_polynomial polynomial_;
    magnitudes defect_, shift_;
    tube<interval<double>> result_{};
    interval<double> event_start_;      ///< the event at time 0
    int side_ = 0;                      ///< its sign up to now, but for time 0; 0: not known yet
    std::optional<error_frame> before_; ///< the errors before a step that may have to be repeated
    double sooner_ = 0;                 ///< how long it should be, in units
    int approach_ = 0;                  ///< steps left of this one and the next
    bool crossing_ = false; ///< its sign is lost since result_.time, with states in result_.state
};

} // namespace flowproof::rigorous
