using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Moves modules from one device to another.</summary>
public static class ModulePlacement
{
    /// <summary>
    /// Moves a module to a device: to <see cref="Device.SharedBackend"/>, on which <see cref="Device.Default"/> makes its tensors
    /// too.
    /// </summary>
    /// <inheritdoc cref="To{T}(T, Backend)"/>
    /// <exception cref="NotSupportedException">The device cannot be used; the message gives the reason.</exception>
    public static T To<T>(this T module, Device device) where T : Module
    {
        ArgumentNullException.ThrowIfNull(device);
        return module.To(device.SharedBackend);
    }

    /// <summary>
    /// Moves every parameter of a module, and what its parts hold otherwise (<see cref="Module.Move"/>), to a backend. Gradients
    /// are cleared; shared parameters stay shared; parameters that are there already are not copied. If memory runs out, nothing
    /// moves. An optimizer's state follows at its next step. Waits for the device.
    /// </summary>
    /// <param name="module">The module to move.</param>
    /// <param name="backend">The backend to move to.</param>
    /// <returns>The module itself.</returns>
    /// <exception cref="InvalidOperationException">
    /// Operations are recorded on an open tape, which may need the old values.
    /// </exception>
    public static T To<T>(this T module, Backend backend) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(backend);
        Parameter.RequireNothingRecorded("Module.To");
        var copies = new List<(Parameter Parameter, Tensor Copy)>();
        try
        {
            foreach (var parameter in module.Entries("").Select(e => e.Parameter).Distinct())
            {
                if (parameter.Value.Backend != backend)
                    copies.Add((parameter, parameter.CopyTo(backend)));
            }
        }
        catch
        {
            copies.ForEach(c => c.Copy.Dispose());
            throw;
        }

        foreach (var (parameter, copy) in copies)
            parameter.Replace(copy);
        module.MoveAll(backend);
        return module;
    }
}
