#pragma once

#include <string>

#include "verify/result/record.hpp"

namespace flowproof {

/// JUnit XML for CI: a paper is a test suite, a claim a test case. A claim that went against its
/// expectation or came out weaker is a failure (of type "against" or "weaker"), one that broke an
/// error, one not run is skipped.
std::string junit_report(const run_record& record);

} // namespace flowproof
