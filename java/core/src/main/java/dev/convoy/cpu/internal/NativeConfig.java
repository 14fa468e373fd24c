package dev.convoy.cpu.internal;

import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/**
 * How JavaCPP makes {@link Native} from {@code convoy.h}. After a change of the header: {@code mvn
 * -q process-classes; cmake --build build/release --target binding}, and commit the result.
 */
@Properties(
    value = @Platform(value = "linux-x86_64", include = "convoy/convoy.h", library = "jniconvoy"),
    target = "dev.convoy.cpu.internal.Native")
@NoException
public class NativeConfig implements InfoMapper {
  @Override
  public void map(InfoMap infoMap) {
    infoMap.put(new Info("CONVOY_API").cppText("#define CONVOY_API"));
  }
}
