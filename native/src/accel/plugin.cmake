# What the projects of the accelerators share: a plug-in runs on every x86-64-v2 machine, exports one function and
# brings its own C++ runtime.
set(CONVOY_SANITIZE "" CACHE STRING "address,undefined | empty")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

function(convoy_plugin target package)
  add_library(${target} SHARED ${ARGN})
  set_target_properties(${target} PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON SKIP_BUILD_RPATH ON)
  target_compile_options(${target} PRIVATE -march=x86-64-v2 -mtune=generic -mno-avx -O2 -Wall -Wextra -Werror
    -ffunction-sections -fdata-sections)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../include)
  if(CONVOY_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${CONVOY_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${CONVOY_SANITIZE})
  else()
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
  target_link_options(${target} PRIVATE -Wl,--gc-sections -Wl,--exclude-libs,ALL -Wl,-z,noexecstack -Wl,-z,defs
    -Wl,--allow-shlib-undefined -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  install(TARGETS ${target} LIBRARY DESTINATION ${package}/linux-x86_64)
endfunction()
