// Reads bench/shapes/*.txt; the format is written at the top of each of them.
#ifndef CONVOY_BENCH_SHAPES_H
#define CONVOY_BENCH_SHAPES_H

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace convoy::bench {

struct Shape {
  std::string name;
  int ic = 1, ih = 1, iw = 0, oc = 1, kh = 1, kw = 0, sh = 1, sw = 0, dh = 1, dw = 0;
  int ph = 0, pw = -1, pb = -1, pr = -1, g = 1, x = 1;
  bool plain = false;

  int oh() const { return (ih + ph + pb - (kh - 1) * dh - 1) / sh + 1; }
  int ow() const { return (iw + pw + pr - (kw - 1) * dw - 1) / sw + 1; }
  double flops() const { return 2.0 * oc * oh() * ow() * (ic / g) * kh * kw; }
  std::vector<int32_t> window() const { return {kh, kw, sh, sw, dh, dw, ph, pw, pb, pr}; }
};

inline Shape parse_shape(const std::string& line) {
  Shape s;
  std::istringstream words(line);
  words >> s.name;
  const std::pair<const char*, int*> numbers[] = {{"ic", &s.ic}, {"ih", &s.ih}, {"iw", &s.iw}, {"oc", &s.oc},
                                                  {"kh", &s.kh}, {"kw", &s.kw}, {"sh", &s.sh}, {"sw", &s.sw},
                                                  {"dh", &s.dh}, {"dw", &s.dw}, {"ph", &s.ph}, {"pw", &s.pw},
                                                  {"pb", &s.pb}, {"pr", &s.pr}, {"g", &s.g},   {"x", &s.x}};
  for (std::string word; words >> word;) {
    if (word == "plain") {
      s.plain = true;
      continue;
    }
    const size_t digits = word.find_first_of("0123456789");
    bool known = false;
    for (const auto& [key, number] : numbers) {
      if (digits != std::string::npos && word.substr(0, digits) == key) {
        *number = std::stoi(word.substr(digits));
        known = true;
      }
    }
    if (!known) {
      throw std::runtime_error("shape " + s.name + ": what is " + word + "?");
    }
  }
  s.iw = s.iw == 0 ? s.ih : s.iw;
  s.kw = s.kw == 0 ? s.kh : s.kw;
  s.sw = s.sw == 0 ? s.sh : s.sw;
  s.dw = s.dw == 0 ? s.dh : s.dw;
  s.pw = s.pw < 0 ? s.ph : s.pw;
  s.pb = s.pb < 0 ? s.ph : s.pb;
  s.pr = s.pr < 0 ? s.pw : s.pr;
  return s;
}

inline std::vector<Shape> read_shapes(const std::string& file) {
  std::ifstream in(file);
  if (!in) {
    throw std::runtime_error("cannot read " + file);
  }
  std::vector<Shape> shapes;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') {
      shapes.push_back(parse_shape(line));
    }
  }
  return shapes;
}

}  // namespace convoy::bench

#endif
