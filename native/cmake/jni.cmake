# libjniconvoy.so: JavaCPP's glue for dev.convoy.cpu.internal.Native around the static library.
find_package(JNI REQUIRED COMPONENTS JVM)
set(package dev/convoy/cpu/internal)
set(glue ${CMAKE_CURRENT_BINARY_DIR}/jni)
set(java_class_path "${CONVOY_JAVACPP_JAR}:${CONVOY_CLASSES}")
set(java ${JAVA_HOME}/bin/java)

# javac rewrites class files that did not change; configure_file keeps the time stamp of equal content
configure_file(${CONVOY_CLASSES}/${package}/Native.class ${glue}/Native.class COPYONLY)
add_custom_command(OUTPUT ${glue}/jniconvoy.cpp ${glue}/jnijavacpp.cpp
  COMMAND ${java} -cp ${java_class_path} org.bytedeco.javacpp.tools.Builder
    -nocompile -properties linux-x86_64 -d ${glue} dev.convoy.cpu.internal.Native
  DEPENDS ${glue}/Native.class ${CONVOY_JAVACPP_JAR} COMMENT "JavaCPP glue" VERBATIM)

add_library(jniconvoy SHARED ${glue}/jniconvoy.cpp ${glue}/jnijavacpp.cpp jni/direct_buffer.cpp)
target_include_directories(jniconvoy PRIVATE ${JNI_INCLUDE_DIRS})
target_compile_options(jniconvoy PRIVATE -w ${CONVOY_ISA_base})
target_link_libraries(jniconvoy PRIVATE convoy)
if(NOT CONVOY_SANITIZE)
  target_link_options(jniconvoy PRIVATE -static-libstdc++ -static-libgcc)
endif()
target_link_options(jniconvoy PRIVATE -Wl,--gc-sections -Wl,--exclude-libs,ALL -Wl,-z,noexecstack -Wl,-z,defs
  -Wl,-Bsymbolic -Wl,--version-script=${CMAKE_CURRENT_SOURCE_DIR}/jni.map)
install(TARGETS jniconvoy LIBRARY DESTINATION ${package}/linux-x86_64 COMPONENT jni)

# The committed binding is what the parser makes of the header: `ctest -R binding`; the target `binding` renews it.
set(binding_check ${CMAKE_COMMAND} -DJAVA=${java} -DCP=${java_class_path}
  -DHEADERS=${CMAKE_CURRENT_SOURCE_DIR}/include -DOUT=${CMAKE_CURRENT_BINARY_DIR}/parsed
  -DCOMMITTED=${PROJECT_SOURCE_DIR}/java/core/src/main/java/${package}/Native.java)
add_test(NAME binding.uptodate COMMAND ${binding_check} -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/binding-check.cmake)
add_custom_target(binding
  COMMAND ${binding_check} -DUPDATE=1 -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/binding-check.cmake VERBATIM)
