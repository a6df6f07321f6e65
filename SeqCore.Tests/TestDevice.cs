using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Tests;

/// <summary>
/// Runs the tests that compute on the default device on another one: SEQCORE_TEST_DEVICE=opencl, cuda:1 and so on. Add --parallel
/// none: an index out of range is reported at the next read, which should be one of the same test.
/// </summary>
internal static class TestDevice
{
    [ModuleInitializer]
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("SEQCORE_TEST_DEVICE") is { Length: > 0 } name)
            Backend.Default = Device.Parse(name).CreateBackend();
    }
}
