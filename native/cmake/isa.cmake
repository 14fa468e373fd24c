# Instruction set -> compiler flags: the only place with -m flags. The last -march wins over CXXFLAGS, and the -mno-*
# take back what CXXFLAGS may have added one by one. prefetchw is a hint, which a CPU without it passes over.
set(CONVOY_ISA_base -march=x86-64-v2 -mtune=generic -mno-avx -O3)
if(CONVOY_SANITIZE)  # GCC 12 takes minutes for the checked loops of the portable vectors once they are inlined
  list(APPEND CONVOY_ISA_base -O1 -fno-inline)
endif()
set(CONVOY_ISA_avx2 -march=x86-64-v3 -mprfchw -mtune=generic -mno-avx512f -fno-exceptions -fno-rtti -O3)
set(CONVOY_ISA_avx512 -march=x86-64-v4 -mprfchw -mtune=generic -mprefer-vector-width=512 -fno-exceptions -fno-rtti -O3
  -Wno-maybe-uninitialized)  # GCC 12's own avx512fintrin.h: _mm512_undefined_ps

if(CONVOY_SANITIZE)  # the same header, seen through more inlining
  list(APPEND CONVOY_ISA_avx512 -Wno-uninitialized)
endif()

# One OBJECT library per instruction set: flags belong to a target, so that no file is forgotten, and the guard
# `isa.<target>` has a list of objects to look into.
function(convoy_isa_library target isa)
  add_library(${target} OBJECT ${ARGN})
  target_compile_options(${target} PRIVATE ${CONVOY_ISA_${isa}})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/native/include ${PROJECT_SOURCE_DIR}/native/src)
  if(NOT CONVOY_SANITIZE)
    add_test(NAME isa.${target}
      COMMAND ${CMAKE_COMMAND} -DISA=${isa} "-DOBJECTS=$<JOIN:$<TARGET_OBJECTS:${target}>,|>"
        -DOBJDUMP=${CMAKE_OBJDUMP} -DNM=${CMAKE_NM} -P ${PROJECT_SOURCE_DIR}/native/cmake/isa-check.cmake)
  endif()
endfunction()
