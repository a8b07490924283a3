#pragma once

#include <string>

#include "verify/check/document.hpp"
#include "verify/check/meter.hpp"

namespace flowproof::check {

/// One function a kind: returns the statement that is proved, in words; throws a refusal where the
/// text cannot be read or the proof does not hold.
std::string check_sign_on_box(document& text, meter& work);
std::string check_zeros_in_box(document& text, meter& work);
std::string check_real_roots(document& text, meter& work);
std::string check_definite(document& text, meter& work);
std::string check_sum_of_squares(document& text, meter& work);
std::string check_flow(document& text, meter& work);

} // namespace flowproof::check
