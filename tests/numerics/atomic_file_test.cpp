#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "numerics/io/atomic_file.hpp"
#include "tests/support/scratch_folder.hpp"

using flowproof::io::write_file_atomically;
using flowproof::support::scratch_folder;
namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> names(const fs::path& folder) {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(folder))
        result.push_back(entry.path().filename());
    return result;
}

auto says(const std::string& part) {
    return [part](const std::exception& e) {
        BOOST_TEST_MESSAGE(e.what());
        return std::string(e.what()).find(part) != std::string::npos;
    };
}

/// Files of this process cannot outgrow `bytes`: a write stops in the middle, as on a full disk.
class file_size_limit {
public:
    explicit file_size_limit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    file_size_limit(const file_size_limit&) = delete;
    file_size_limit& operator=(const file_size_limit&) = delete;
    ~file_size_limit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(atomic_file_test)

BOOST_AUTO_TEST_CASE(the_file_holds_exactly_the_content_and_nothing_else_appears) {
    const scratch_folder folder;
    const auto file = folder.path() / "record.json";
    for (const std::string& content : {std::string("first\n"), std::string(),
                                       std::string("a\0b\r\n", 5), std::string(1 << 20, 'x')}) {
        write_file_atomically(file, content);
        BOOST_TEST((contents(file) == content));
        BOOST_TEST(names(folder.path()) == std::vector<std::string>{"record.json"},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_write_that_stops_half_way_leaves_the_old_file_and_no_other) {
    const scratch_folder folder;
    const auto file = folder.path() / "record.json";
    write_file_atomically(file, "old");
    std::string message;
    {
        const file_size_limit full(4096);
        try {
            write_file_atomically(file, std::string(10000, 'x'));
        } catch (const std::runtime_error& e) {
            message = e.what();
        }
    }
    BOOST_TEST_MESSAGE(message);
    BOOST_TEST(message.find(file.string() + ": File too large") != std::string::npos);
    BOOST_TEST(contents(file) == "old");
    BOOST_TEST(names(folder.path()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_a_file_or_missing_is_named_with_the_reason) {
    const scratch_folder folder;
    const auto file = folder.path() / "plain";
    write_file_atomically(file, "old");
    BOOST_CHECK_EXCEPTION(write_file_atomically(file / "record.json", "new"), std::runtime_error,
                          says("plain/record.json: Not a directory"));
    BOOST_CHECK_EXCEPTION(write_file_atomically(folder.path() / "none" / "record.json", "new"),
                          std::runtime_error, says("none/record.json: No such file or directory"));
    BOOST_TEST(contents(file) == "old");
    BOOST_TEST(names(folder.path()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(folders_and_devices_are_not_replaced) {
    const scratch_folder folder;
    fs::create_directory(folder.path() / "inner");
    BOOST_CHECK_EXCEPTION(write_file_atomically(folder.path() / "inner", "new"), std::runtime_error,
                          says("it is a directory"));
    fs::create_symlink("/dev/full", folder.path() / "device");
    BOOST_CHECK_EXCEPTION(write_file_atomically(folder.path() / "device", "new"),
                          std::runtime_error, says("it is not a regular file"));
    BOOST_TEST(names(folder.path()).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_link_is_replaced_and_its_target_kept) {
    const scratch_folder folder;
    write_file_atomically(folder.path() / "target", "old");
    fs::create_symlink("target", folder.path() / "link");
    write_file_atomically(folder.path() / "link", "new");
    BOOST_TEST(contents(folder.path() / "target") == "old");
    BOOST_TEST(contents(folder.path() / "link") == "new");
    BOOST_TEST(!fs::is_symlink(folder.path() / "link"));
}

BOOST_AUTO_TEST_CASE(a_reader_beside_two_writers_sees_one_whole_version) {
    const scratch_folder folder;
    const auto file = folder.path() / "record.json";
    const std::string versions[] = {std::string(70000, 'a'), std::string(50000, 'b')};
    write_file_atomically(file, versions[0]);
    const auto write_often = [&](const std::string& version) {
        for (int i = 0; i < 20; ++i)
            write_file_atomically(file, version);
    };
    std::thread first(write_often, std::cref(versions[0]));
    std::thread second(write_often, std::cref(versions[1]));
    int torn = 0;
    for (int i = 0; i < 100; ++i) {
        const auto seen = contents(file);
        torn += seen != versions[0] && seen != versions[1];
    }
    first.join();
    second.join();
    BOOST_TEST(torn == 0);
    BOOST_TEST(names(folder.path()).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
