#include "verify/report/html.hpp"

#include <stdexcept>
#include <system_error>

#include "numerics/io/atomic_file.hpp"
#include "verify/report/style.hpp"
#include "verify/result/run_program.hpp"
#include "verify/result/temporary_folder.hpp"

namespace flowproof {

namespace fs = std::filesystem;

fs::path write_html_report(const run_record& record, const fs::path& run_folder,
                           const figure_images& images, const std::string& pandoc) {
    const fs::path folder = run_folder / "report";
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw std::runtime_error("write_html_report: cannot create " + folder.string() + ": " +
                                 error.message());
    const fs::path markdown = folder / "report.md", html = folder / "index.html";
    io::write_file_atomically(markdown, markdown_report(record, images));

    const temporary_folder temporary(folder);
    const fs::path style = temporary / "style.css", made = temporary / "index.html";
    io::write_file_atomically(style, report_style);
    // Wide columns: pandoc would otherwise fix the widths of tables by the dashes of their heads.
    const program_end end = run_program(
        {pandoc, "--from=markdown-smart-citations-auto_identifiers", "--to=html5", "--mathml",
         "--self-contained", "--columns=1000000", "--metadata", "pagetitle=flowproof report",
         "--metadata", "lang=en", "--resource-path=" + folder.string(), "--css=" + style.string(),
         "--output=" + made.string(), markdown.string()});
    const auto failed = [&](const std::string& why) {
        return std::runtime_error("write_html_report: cannot write " + html.string() + ": " + why +
                                  "; the Markdown report is kept in " + markdown.string());
    };
    if (!end.found)
        throw failed(pandoc +
                     " was not found; install it (Debian, Ubuntu: apt-get install pandoc)");
    if (!end.well()) throw failed(pandoc + " " + end.what());
    fs::rename(made, html, error);
    if (error) throw failed(error.message());
    return html;
}

} // namespace flowproof
