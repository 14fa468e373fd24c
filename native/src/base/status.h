// How a failure travels: thrown as Error inside the library, a negative status and a text of the thread outside.
#ifndef CONVOY_BASE_STATUS_H
#define CONVOY_BASE_STATUS_H

#include <exception>
#include <string>
#include <utility>

#include "convoy/convoy.h"

namespace convoy {

class Error : public std::exception {
 public:
  Error(convoy_status status, std::string message) : status_(status), message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  convoy_status status() const { return status_; }

 private:
  convoy_status status_;
  std::string message_;
};

[[noreturn]] void fail(convoy_status status, const char* format, ...) __attribute__((format(printf, 2, 3)));

// Throws CONVOY_INVALID unless the condition holds.
void require(bool condition, const char* format, ...) __attribute__((format(printf, 2, 3)));

// The calling thread's last error. Never allocates.
void set_last_error(const char* message);
const char* last_error();

// Records the exception in flight as the last error and returns its status. Only inside a catch block.
convoy_status record_exception();

}  // namespace convoy

#endif
