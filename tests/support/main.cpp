#define BOOST_TEST_MODULE flowproof
#include <boost/test/unit_test.hpp>
