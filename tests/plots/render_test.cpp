#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "plots/figure/script.hpp"
#include "plots/render/render.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/sample_record.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace flowproof;
using support::mentions;
using namespace flowproof::plots;

namespace {

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string failure(const std::string& script, const std::filesystem::path& output,
                    const std::string& gnuplot = "gnuplot") {
    try {
        render(script, output, image_format::svg, {gnuplot});
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "drawn";
}

} // namespace

BOOST_AUTO_TEST_SUITE(render_test)

BOOST_AUTO_TEST_CASE(every_format_is_drawn_under_any_name) {
    const support::scratch_folder scratch;
    const auto folder = scratch.path() / "it's a \"folder\" $HOME";
    std::filesystem::create_directories(folder);
    const run_record r = support::sample_record();
    const std::pair<image_format, const char*> starts[] = {{image_format::svg, "<?xml"},
                                                           {image_format::png, "\x89PNG"},
                                                           {image_format::pdf, "%PDF"},
                                                           {image_format::tikz, "\\begin"}};
    for (const auto& [format, start] : starts)
        BOOST_TEST_CONTEXT(name(format)) {
            const auto file = folder / ("a 'b'." + std::string(extension(format)));
            render(gnuplot_script(r.series[0], &r.claims[0], format), file, format);
            BOOST_TEST(mentions(contents(file).substr(0, 400), start));
        }
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder), {}) == 4);
}

BOOST_AUTO_TEST_CASE(gnuplots_failure_is_an_error_that_keeps_the_old_image) {
    const support::scratch_folder scratch;
    const auto file = scratch.path() / "figure.svg";
    std::ofstream(file) << "old";
    const std::string message = failure("plot nonsense(((\n", file);
    BOOST_TEST(mentions(message, "figure.svg"));
    BOOST_TEST(mentions(message, "ended with status 1"));
    BOOST_TEST(mentions(message, "nonsense"));
    // An image alone does not make a success.
    BOOST_TEST(mentions(failure("plot x\nunset output\nnonsense(((\n", file), "status 1"));
    BOOST_TEST(contents(file) == "old");
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_missing_gnuplot_is_named_with_its_cure) {
    const support::scratch_folder scratch;
    const std::string message =
        failure("plot x\n", scratch.path() / "figure.svg", "no-such-gnuplot");
    BOOST_TEST(mentions(message, "no-such-gnuplot was not found"));
    BOOST_TEST(mentions(message, "apt-get install gnuplot-nox"));
}

BOOST_AUTO_TEST_CASE(an_image_that_is_missing_or_empty_is_an_error) {
    const support::scratch_folder scratch;
    BOOST_TEST(mentions(failure("", scratch.path() / "figure.svg", "true"), "left no image"));
    BOOST_TEST(mentions(failure("plot x\n", scratch.path() / "none" / "figure.svg"),
                        "No such file or directory"));
    BOOST_TEST(mentions(failure("x = 1\n", scratch.path() / "figure.svg"), "left no image"));
}

BOOST_AUTO_TEST_SUITE_END()
