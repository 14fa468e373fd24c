#include "base/status.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>

namespace convoy {
namespace {

thread_local char message_of_thread[2048];

std::string formatted(const char* format, va_list arguments) {
  char text[1024];
  std::vsnprintf(text, sizeof text, format, arguments);
  return text;
}

}  // namespace

void fail(convoy_status status, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::string text = formatted(format, arguments);
  va_end(arguments);
  throw Error(status, std::move(text));
}

void require(bool condition, const char* format, ...) {
  if (condition) {
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  std::string text = formatted(format, arguments);
  va_end(arguments);
  throw Error(CONVOY_INVALID, std::move(text));
}

void set_last_error(const char* message) {
  std::strncpy(message_of_thread, message, sizeof message_of_thread - 1);
  message_of_thread[sizeof message_of_thread - 1] = 0;
}

const char* last_error() { return message_of_thread; }

convoy_status record_exception() {
  try {
    throw;
  } catch (const Error& error) {
    set_last_error(error.what());
    return error.status();
  } catch (const std::bad_alloc&) {
    set_last_error("out of memory");
    return CONVOY_OUT_OF_MEMORY;
  } catch (const std::system_error& error) {
    set_last_error((std::string("the system gave no thread: ") + error.what()).c_str());
    return CONVOY_OUT_OF_MEMORY;
  } catch (const std::exception& error) {
    set_last_error(error.what());
    return CONVOY_INTERNAL;
  } catch (...) {
    set_last_error("an unknown exception");
    return CONVOY_INTERNAL;
  }
}

}  // namespace convoy
