namespace SeqCore;

/// <summary>
/// Owns the tensors made while it is open and returns their memory to the pool when it is disposed. A tape is a scope; inference
/// uses a plain one. <see cref="Keep(Tensor)"/> takes out a tensor that must outlive the scope.
/// </summary>
/// <remarks>
/// A scope follows the execution context: code after an <c>await</c>, and tasks and threads started while it is open, make their
/// tensors in it too, also from several threads at once. Hold it in a <c>using</c>: a scope without references is collected like
/// other garbage and owns nothing from then on.
/// </remarks>
/// <example>
/// <code>
/// Tensor total;
/// using (var scope = new TensorScope())
/// {
///     var x = Tensor.Arange(10);
///     total = scope.Keep((x * x).Sum());   // x and the squares end with the scope, the total does not
/// }
/// Console.WriteLine(total.Item());         // 285
/// total.Dispose();
/// </code>
/// </example>
public sealed partial class TensorScope : IDisposable
{
    /// <summary>Enough for small scopes: each growth of the list copies it.</summary>
    private const int FirstCapacity = 16;

    private static readonly AsyncLocal<ScopeLink?> Innermost = new();

    private readonly ScopeLink link;
    private readonly Lock gate = new();
    private readonly List<Tensor?> owned = new(FirstCapacity);
    private List<ScopeLink>? inner;
    private bool closed;

    /// <summary>Opens a scope inside the current one.</summary>
    /// <param name="name">The name of the scope in the error for a tensor that is used after the scope has closed.</param>
    public TensorScope(string name = "scope")
    {
        Name = name;
        var outer = ScopeLink.FirstOpen(Innermost.Value);
        link = new ScopeLink(this, outer);
        outer?.Scope?.NoteInner(link);
        Innermost.Value = link;
    }

    /// <summary>The innermost open scope of this execution context, or null.</summary>
    public static TensorScope? Current => ScopeLink.FirstOpenScope(Innermost.Value);

    internal string Name { get; }

    /// <summary>What closes the tensors that remain at the end of the scope; one object serves all of them.</summary>
    internal Tensor.Closing Closing => field ??= new Tensor.Closing($"the end of the {Name} that owned it");

    /// <summary>Whether the scope is still open.</summary>
    public bool IsOpen => !Volatile.Read(ref closed);

    /// <summary>The number of tensors owned, including gaps among them.</summary>
    internal int SlotCount => owned.Count;

    /// <summary>Takes a tensor out of the scope, so that it lives until it is disposed or collected.</summary>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.LeaveScope();
        return tensor;
    }

    /// <summary>Takes a tensor out of this scope and gives it to the enclosing scope, if there is one.</summary>
    public Tensor KeepInOuter(Tensor tensor)
    {
        Keep(tensor);
        ScopeLink.FirstOpenScope(link.Outer)?.Own(tensor);
        tensor.CountMemory();
        return tensor;
    }

    /// <summary>
    /// Makes this scope the current one until the result is disposed, on a thread or in a callback that did not inherit it.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The scope is closed.</exception>
    public Suspension Enter()
    {
        if (!IsOpen)
            throw new ObjectDisposedException(Name, $"TensorScope.Enter: the {Name} is closed; enter it while it is open.");
        return Replace(link);
    }

    /// <summary>
    /// Closes the scope, every scope that was opened inside it and is still open, and every tensor that they own.
    /// </summary>
    public void Dispose()
    {
        List<ScopeLink>? stillOpen;
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            stillOpen = inner;
            inner = null;
        }

        foreach (var opened in stillOpen ?? [])
            opened.Scope?.Dispose();
        link.Outer?.Scope?.ForgetInner(link);
        var present = Innermost.Value;
        if (ScopeLink.FirstOpen(present) is var open && open != present)
            Innermost.Value = open;
        lock (gate)
        {
            foreach (var tensor in owned)
                tensor?.CloseWith(this);
            owned.Clear();
        }
    }

    /// <summary>Adds a tensor, unless the scope has just been closed on another thread.</summary>
    internal void Own(Tensor tensor)
    {
        lock (gate)
        {
            if (closed)
                return;
            tensor.EnterScope(link, owned.Count);
            owned.Add(tensor);
        }
    }

    internal void Release(Tensor tensor, int index)
    {
        lock (gate)
        {
            if (index >= owned.Count || !ReferenceEquals(owned[index], tensor))
                return;
            // Gaps at the end are removed, so that temporaries do not make the list grow, in whatever order they are disposed.
            owned[index] = null;
            while (owned.Count > 0 && owned[^1] is null)
                owned.RemoveAt(owned.Count - 1);
        }
    }

    /// <summary>Suspends ownership: tensors made until the result is disposed belong to no scope.</summary>
    public static Suspension Suspend() => Replace(null);

    private static Suspension Replace(ScopeLink? link)
    {
        var suspension = new Suspension(Innermost.Value);
        Innermost.Value = link;
        return suspension;
    }

    private void NoteInner(ScopeLink opened)
    {
        lock (gate)
        {
            inner ??= [];
            inner.RemoveAll(l => !l.IsOpen);
            inner.Add(opened);
        }
    }

    private void ForgetInner(ScopeLink ended)
    {
        lock (gate)
            inner?.Remove(ended);
    }

    /// <summary>Restores the previous scope when it is disposed.</summary>
    public readonly struct Suspension : IDisposable
    {
        private readonly ScopeLink? link;

        internal Suspension(ScopeLink? link) => this.link = link;

        /// <summary>Makes the previous scope the current one again.</summary>
        public void Dispose() => Innermost.Value = link;
    }
}
