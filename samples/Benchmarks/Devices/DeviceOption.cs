using System.CommandLine;
using System.CommandLine.Parsing;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary><c>--device cpu|cuda|opencl[:n]</c>: where the kernels run.</summary>
internal static class DeviceOption
{
    internal static Option<Device> Create(Device otherwise) => new("--device")
    {
        Description = "The device that computes: cpu, cuda, cuda:N, opencl or opencl:N.",
        HelpName = "cpu|cuda|opencl[:n]",
        DefaultValueFactory = _ => otherwise,
        CustomParser = Parse,
    };

    /// <summary>Makes a device the default one for the rest of the process.</summary>
    /// <exception cref="NotSupportedException">This program or machine cannot use it; the message says why.</exception>
    internal static Backend Use(Device device, int threads)
    {
        if (device != Backend.Default.Device || threads > 0)
            Backend.Default = device.CreateBackend(threads);
        return Backend.Default;
    }

    private static Device? Parse(ArgumentResult result)
    {
        try
        {
            return Device.Parse(result.Tokens[0].Value);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return null;
        }
    }
}
