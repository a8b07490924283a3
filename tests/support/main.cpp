// main() of every test executable; written out, for BOOST_TEST_MODULE would have to come before
// the precompiled headers.
#include <boost/test/unit_test.hpp>

int main(int argc, char** argv) {
    const auto init = [] {
        boost::unit_test::framework::master_test_suite().p_name.value = "flowproof";
        return true;
    };
    return boost::unit_test::unit_test_main(init, argc, argv);
}
