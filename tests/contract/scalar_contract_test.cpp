#include <boost/test/unit_test.hpp>
#include <tuple>

#include "tests/support/scalar_laws.hpp"

using namespace flowproof;

/// Every scalar that formulas may meet. A new one is a line here, and a laws_context if its embed
/// needs arguments.
using scalars = std::tuple<rational,         //
                           double,           //
                           ball,             //
                           real50,           //
                           real100,          //
                           expr,             //
                           dual<rational>,   //
                           dual<ball>,       //
                           series<rational>, //
                           series<ball>,     //
                           interval<double>, //
                           series<interval<double>>>;

BOOST_AUTO_TEST_SUITE(scalar_contract_test)

BOOST_AUTO_TEST_CASE_TEMPLATE(scalar_obeys_the_laws_of_its_rungs, T, scalars) {
    support::obeys_the_laws_of_its_rungs<T>();
}

BOOST_AUTO_TEST_SUITE_END()
