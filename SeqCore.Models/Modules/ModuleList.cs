using System.Collections;
using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// Modules of one kind, named 0, 1, 2 and so on, as PyTorch's ModuleList names them; what they compute is for the owner to say.
/// </summary>
/// <typeparam name="T">Their kind.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T> where T : Module
{
    private readonly T[] modules;

    /// <summary>A list of these modules.</summary>
    public ModuleList(IEnumerable<T> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        this.modules = [.. modules];
        for (var i = 0; i < this.modules.Length; i++)
            Register(i.ToString(CultureInfo.InvariantCulture), this.modules[i]);
    }

    /// <inheritdoc/>
    public int Count => modules.Length;

    /// <inheritdoc/>
    public T this[int index] => modules[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
