using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Devices;

/// <summary>The reasons that a driver's library gives, with functions of the test in the place of the driver's.</summary>
public class DriverProbeTests
{
    private delegate int CuInit(uint flags);

    private unsafe delegate int ClGetPlatformIds(uint entries, nint* platforms, uint* count);

    [Theory]
    [InlineData(100, "CUDA_ERROR_NO_DEVICE", "--gpus all")]
    [InlineData(802, "CUDA_ERROR_SYSTEM_NOT_READY", "nvidia-fabricmanager")]
    [InlineData(803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "Restart the machine.")]
    [InlineData(804, "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE", "LD_LIBRARY_PATH")]
    [InlineData(999, "CUDA_ERROR_UNKNOWN", "nvidia_uvm")]
    [InlineData(3, "returned 3.", "nvidia-smi")]
    public void A_driver_that_does_not_start_is_reported_with_its_error_and_advice(int error, string name, string advice)
    {
        var reason = Cuda(_ => error);
        reason.Should().StartWith($"libfake was found, but cuInit returned {error}").And.Contain(name).And.Contain(advice);
        reason.Should().MatchRegex("[.?]$").And.NotContain("no NVIDIA driver");
    }

    [Fact]
    public void A_missing_driver_a_failing_one_and_one_without_a_gpu_have_different_errors()
    {
        DriverProbe.WhyNoCuda(null).Should().Contain("there is no NVIDIA driver").And.Contain("libcuda.so.1");
        DriverProbe.WhyNoCuda(new DriverLibrary("libfake", _ => 0)).Should().Contain("no function cuInit");
        Cuda(flags => (int)flags).Should().Contain("offers no NVIDIA GPU");
    }

    [Theory]
    [InlineData(-1001, 0u, "returned -1001", "/etc/OpenCL/vendors")]
    [InlineData(-6, 0u, "returned -6", "clinfo")]
    [InlineData(0, 0u, "knows no OpenCL driver", "Install")]
    [InlineData(0, 2u, "none of the OpenCL drivers that it knows (2)", "clinfo")]
    public void An_OpenCL_loader_is_reported_with_its_error_or_its_drivers(int error, uint platforms, string found, string advice)
    {
        var reason = OpenCl(error, platforms);
        reason.Should().StartWith("libfake was found").And.Contain(found).And.Contain(advice).And.MatchRegex("[.?]$");
    }

    [Fact]
    public void A_missing_OpenCL_loader_is_reported_as_missing()
    {
        DriverProbe.WhyNoOpenCl(null).Should().Contain("there is no OpenCL").And.Contain("libOpenCL.so.1");
        DriverProbe.WhyNoOpenCl(new DriverLibrary("libfake", _ => 0)).Should().Contain("no function clGetPlatformIDs");
    }

    [Fact]
    public void The_first_library_that_loads_is_taken()
    {
        var system = OperatingSystem.IsWindows() ? "kernel32" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";
        var library = DriverLibrary.Find(["no-such-library", system])!;
        library.Name.Should().Be(system);
        library.Function("no_such_function").Should().Be(0);
        library.Function(OperatingSystem.IsWindows() ? "GetTickCount" : "getpid").Should().NotBe(0);
        DriverLibrary.Find(["no-such-library"]).Should().BeNull();
    }

    private static string Cuda(CuInit init)
    {
        var address = Marshal.GetFunctionPointerForDelegate(init);
        var reason = DriverProbe.WhyNoCuda(new DriverLibrary("libfake", name => name == "cuInit" ? address : 0));
        GC.KeepAlive(init);
        return reason;
    }

    private static unsafe string OpenCl(int error, uint platforms)
    {
        ClGetPlatformIds ask = (_, _, count) =>
        {
            *count = platforms;
            return error;
        };
        var address = Marshal.GetFunctionPointerForDelegate(ask);
        var reason = DriverProbe.WhyNoOpenCl(new DriverLibrary("libfake", name => name == "clGetPlatformIDs" ? address : 0));
        GC.KeepAlive(ask);
        return reason;
    }
}
